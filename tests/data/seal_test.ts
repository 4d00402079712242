import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { sealDifferences, type SealedRow, sealOf } from "../../data/_seal.ts";

const name = (i: number) => `sub${i % 26}/EP${i}`;
const table = (contents: readonly bigint[]): SealedRow[] =>
  contents.map((content, i) => ({ name: name(i), content }));

Deno.test("sealDifferences: names every row that was changed, added or lost, up to eleven, and what it was", () => {
  const contents = fc.array(fc.bigInt({ min: 1n, max: 2n ** 120n }), { minLength: 20, maxLength: 60 });
  const change = fc.tuple(
    fc.constantFrom("change", "lose", "add"),
    fc.nat(59),
    fc.bigInt({ min: 1n, max: 2n ** 120n }),
  );
  fc.assert(
    fc.property(contents, fc.array(change, { maxLength: 11 }), (contents, changes) => {
      const genuine = table(contents), copy = new Map(genuine.map((row) => [row.name, row.content]));
      for (const [kind, at, content] of changes) {
        if (kind === "add") copy.set(`new/${at}`, content);
        else if (kind === "lose") copy.delete(name(at % contents.length));
        else copy.set(name(at % contents.length), content);
      }
      // Worked out by comparing row with row, which the seal cannot.
      const before = new Map(genuine.map((row) => [row.name, row.content]));
      const expected = [...new Set([...before.keys(), ...copy.keys()])]
        .filter((name) => before.get(name) !== copy.get(name))
        .map((name) => ({ name, sealed: before.get(name) ?? 0n }));
      const rows = [...copy].map(([name, content]) => ({ name, content }));
      const found = sealDifferences(sealOf(genuine), rows, () => before.keys())!;
      const order = (list: typeof found) => list.toSorted((a, b) => a.name < b.name ? -1 : 1);
      assertEquals(order(found), order(expected));
    }),
    { numRuns: 60, seed: 20260114 },
  );
});

Deno.test("sealDifferences: more than eleven rows cannot be told, nor a lost row whose name is unthought of", () => {
  const genuine = table(Array.from({ length: 100 }, (_, i) => BigInt(7 * i + 1)));
  const seal = sealOf(genuine);
  for (let n = 12; n < 100; n += 8) {
    const copy = genuine.map((row, i) => i < n ? { ...row, content: row.content + 3n } : row);
    assertEquals(sealDifferences(seal, copy, () => []), undefined, `${n} rows`);
  }
  assertEquals(sealDifferences(seal, genuine.slice(1), () => []), undefined);
  assertEquals(sealDifferences(seal, genuine.slice(1), () => [genuine[0]!.name]), [{
    name: genuine[0]!.name,
    sealed: 1n,
  }]);
});

Deno.test("sealOf: the order of rows and the case of names do not matter", () => {
  const genuine = table([5n, 6n, 7n]);
  assertEquals(sealOf(genuine.toReversed()), sealOf(genuine));
  assertEquals(sealOf(genuine.map((row) => ({ ...row, name: row.name.toUpperCase() }))), sealOf(genuine));
});
