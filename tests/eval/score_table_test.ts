import { assertEquals, assertThrows } from "@std/assert";
import { chance, score, scoreTable, summary } from "../../eval/mod.ts";
import { predictions } from "./_predictions.ts";

const full = score(predictions("smic s1 0:0 1:1 2:2\ncasme2 sub01 0:0 1:0 2:2"), 3);

Deno.test("scoreTable lines up rows, full and for each database", () => {
  const part = score(predictions("smic s1 0:0 1:0 2:0"), 3);
  assertEquals(
    scoreTable([{ name: "L_c", score: part }, { name: "full method", score: full }], { digits: 2 }),
    [
      "             full (n 3-6)       smic (n 3)         casme2 (n 3)",
      "             UF1   UAR   Acc    UF1   UAR   Acc    UF1   UAR   Acc",
      "L_c          0.17  0.33  0.33   0.17  0.33  0.33   -     -     -",
      "full method  0.82  0.83  0.83   1.00  1.00  1.00   0.56  0.67  0.67",
      "",
    ].join("\n"),
  );
  assertThrows(() => scoreTable([]), RangeError, "there are no rows");
});

Deno.test("scoreTable takes the chances as rows", () => {
  const { majority, shuffled } = chance(predictions("smic s1 0:0 1:1 2:2 0:0"), 3, { permutations: 10 });
  const lines = scoreTable([{ name: "majority", score: majority }, {
    name: "shuffled labels",
    score: shuffled,
  }])
    .split("\n");
  assertEquals(lines.slice(0, 3), [
    "                 smic (n 4)",
    "                 UF1     UAR     Acc",
    "majority         0.2222  0.3333  0.5000",
  ]);
});

Deno.test("summary has the keys of summary.json", () => {
  const found = summary(full, chance(predictions("smic s1 0:0 1:1 2:2 0:0"), 3, { permutations: 10 }));
  assertEquals(Object.keys(found), ["full", "casme2", "smic", "chance"]);
  assertEquals(found.full, { n: 6, accuracy: 5 / 6, macroF1: full.uf1, uf1: full.uf1, uar: full.uar });
  assertEquals(Object.keys(found.chance!), ["majority", "shuffled"]);
  assertEquals(Object.keys(found.chance!.majority), ["n", "accuracy", "macroF1", "uf1", "uar"]);
  assertEquals(Object.keys(found.chance!.shuffled).slice(0, 5), ["n", "accuracy", "macroF1", "uf1", "uar"]);
  assertEquals(JSON.parse(JSON.stringify(found)), found);
  assertEquals("chance" in summary(full), false);
  assertThrows(() => summary(score(predictions("full s1 0:0"), 2)), RangeError, 'must not be called "full"');
});
