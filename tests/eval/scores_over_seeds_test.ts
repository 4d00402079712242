import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { meanIntervalText, overSeedsNote, overSeedsTable, score, scoresOverSeeds } from "../../eval/mod.ts";
import { predictions } from "./_predictions.ts";

const seeds = [
  "smic s1 0:0 1:1\ncasme2 sub01 0:0 1:0", // accuracy 3/4; smic 1, casme2 1/2
  "smic s1 0:0 1:0\ncasme2 sub01 0:1 1:0", // 1/4; 1/2, 0
  "smic s1 0:0 1:1\ncasme2 sub01 0:0 1:1", // 1; 1, 1
].map((text) => score(predictions(text), 2));

Deno.test("scoresOverSeeds by hand: full and for each database", () => {
  const { seeds: n, full, perDatabase } = scoresOverSeeds(seeds);
  assertEquals([n, full.n, full.accuracy.n], [3, 4, 3]);
  assertAlmostEquals(full.accuracy.mean, 2 / 3, 1e-15);
  // Squares of the distances to 8/12: 1, 25 and 16 of 144.
  const deviation = Math.sqrt((1 + 25 + 16) / 144 / 2);
  assertAlmostEquals(full.accuracy.deviation!, deviation, 1e-15);
  const t = 0.95 * Math.sqrt(2 / 0.0975); // for two degrees of freedom in closed form
  assertAlmostEquals(full.accuracy.interval!.high, 2 / 3 + t * deviation / Math.sqrt(3), 1e-12);
  assertEquals(Object.entries(perDatabase).map(([name, f]) => [name, f.n, f.accuracy.mean]), [
    ["casme2", 2, 0.5],
    ["smic", 2, 5 / 6],
  ]);
  assertEquals(full.uf1, full.macroF1);
  assertAlmostEquals(full.uf1.mean, (seeds[0]!.uf1 + seeds[1]!.uf1 + seeds[2]!.uf1) / 3, 1e-15);
});

Deno.test("scoresOverSeeds of one seed has no interval; it refuses none and other clips", () => {
  const one = scoresOverSeeds(seeds.slice(0, 1));
  assertEquals(one.full.uar, { n: 1, mean: seeds[0]!.uar });
  assertThrows(() => scoresOverSeeds([]), RangeError, "there are none");
  const other = score(predictions("smic s1 0:0"), 2);
  assertThrows(() => scoresOverSeeds([seeds[0]!, other]), RangeError, "of the same clips");
});

Deno.test("overSeedsTable has a part for all clips and one for each database, and says what its numbers are", () => {
  const rows = [
    { name: "L_c", scores: scoresOverSeeds(seeds) },
    { name: "all", scores: scoresOverSeeds(seeds.slice(0, 1)) },
  ];
  const lines = overSeedsTable(rows).split("\n");
  const heads = lines.filter((line) => / UF1 +UAR +Acc$/.test(line));
  assertEquals(heads.map((line) => line.slice(0, 12).trim()), ["full (n 4)", "casme2 (n 2)", "smic (n 2)"]);
  assertStringIncludes(lines[1]!, "0.667 ± 0.382 [-0.282, 1.615]"); // accuracy, above
  assert(/^all +0\.733 +0\.750 +0\.750$/.test(lines[2]!), lines[2]);
  assertEquals(
    lines.at(-2),
    "Mean over 3 seeds ± standard deviation [95 % interval of the mean over seeds: Student's t, 2 degrees of freedom]. One seed: no deviation, no interval.",
  );
  assertEquals(overSeedsNote([1]), "One seed: no deviation, no interval.");
  assertEquals(meanIntervalText(rows[1]!.scores.full.uf1, { digits: 1 }), "0.7");
  const single = scoresOverSeeds([score(predictions("samm 006 0:0"), 2)]);
  assertEquals(overSeedsTable([{ name: "x", scores: single }]).match(/samm|full/g), ["samm"]);
  assertThrows(() => overSeedsTable([]), RangeError, "there are no rows");
});
