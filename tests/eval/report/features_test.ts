// Neighbours and embeddings against naive loops and groups that lie apart.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "../../../engine/random.ts";
import { cosines, greatest } from "../../../eval/report/_cosines.ts";
import { embed, neighbourShares, type ReportFeatures } from "../../../eval/report/mod.ts";

const random = seededRandom("features");

Deno.test("cosines() agrees with the definition", () => {
  const points = Array.from(
    { length: 7 },
    () => Float32Array.from({ length: 11 }, () => random.next() - 0.5),
  );
  points.push(new Float32Array(11));
  const all = cosines(points), n = points.length;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let xy = 0, xx = 0, yy = 0;
      for (let k = 0; k < 11; k++) {
        xy += points[i]![k]! * points[j]![k]!;
        xx += points[i]![k]! ** 2;
        yy += points[j]![k]! ** 2;
      }
      assertAlmostEquals(all[i * n + j]!, xx * yy === 0 ? 0 : xy / Math.sqrt(xx * yy), 1e-6);
    }
  }
});

Deno.test("greatest() is the head of a stable sort", () => {
  const values = Float32Array.from({ length: 60 }, () => random.integer(12));
  for (const k of [1, 3, 10, 59, 60]) {
    const sorted = [...values.keys()].filter((i) => i !== 4).sort((a, b) => values[b]! - values[a]! || a - b);
    assertEquals(greatest(values, k, (i) => i !== 4), sorted.slice(0, k));
  }
});

/** Three groups around three directions of many dimensions. */
const groups = Array.from({ length: 60 }, (_, i) => {
  const z = Float32Array.from({ length: 30 }, (_, d) => random.next() * 0.3 + (d % 3 === i % 3 ? 1 : 0));
  return { z, group: i % 3 };
});

Deno.test("embed() keeps groups that lie apart apart, and gives the same places again", () => {
  const places = embed(groups.map(({ z }) => z), { seed: 3 });
  assertEquals(places, embed(groups.map(({ z }) => z), { seed: 3 }));
  assert(String(places) !== String(embed(groups.map(({ z }) => z), { seed: 4 })));
  let own = 0;
  for (const [i, [x, y]] of places.entries()) {
    const nearest = places.map(([a, b], j) => [i === j ? Infinity : Math.hypot(a - x, b - y), j] as const)
      .sort(([a], [b]) => a - b)[0]![1];
    if (groups[nearest]!.group === groups[i]!.group) own++;
  }
  assert(own >= 58, `${own} of 60 have a neighbour of their group`);
  for (const n of [4, 15, 16]) assertEquals(embed(groups.slice(0, n).map(({ z }) => z)).flat().length, 2 * n);
  assertThrows(() => embed(groups.slice(0, 3).map(({ z }) => z)), RangeError, "found 3");
});

Deno.test("neighbourShares() by naive sorting; neighbours are never of the clip's own subject", () => {
  const features = Array.from({ length: 40 }, (_, i): ReportFeatures => ({
    name: `clip${i}`,
    subject: `s${i % 5}`,
    group: (["macro", "before", "after"] as const)[i % 3]!,
    classIndex: random.integer(3),
    z: Float32Array.from({ length: 6 }, () => random.next() - 0.5),
  }));
  const cosine = (a: Float32Array, b: Float32Array) =>
    a.reduce((sum, x, k) => sum + x * b[k]!, 0) / (Math.hypot(...a) * Math.hypot(...b));
  const shares = neighbourShares(features, 4);
  assertEquals(shares.map(({ among, group }) => `${among} ${group}`), [
    "macro before",
    "macro after",
    "others before",
    "others after",
  ]);
  for (const { among, group, share, chance, n } of shares) {
    const asked = features.filter((f) => f.group === group);
    let sum = 0, byChance = 0;
    for (const f of asked) {
      const pool = features.filter((o) =>
        among === "macro" ? o.group === "macro" : o.group === group && o.subject !== f.subject
      );
      const near = [...pool].sort((a, b) => cosine(f.z, b.z) - cosine(f.z, a.z)).slice(0, 4);
      sum += near.filter((o) => o.classIndex === f.classIndex).length / 4 / asked.length;
      byChance += pool.filter((o) => o.classIndex === f.classIndex).length / pool.length / asked.length;
    }
    assertAlmostEquals(share, sum, 1e-9);
    assertAlmostEquals(chance, byChance, 1e-9);
    assertEquals(n, asked.length);
  }
});
