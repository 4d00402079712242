import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { bootstrapInterval, chance, readMegc2019Log, score } from "../../eval/mod.ts";
import { seededRandom } from "../../engine/random.ts";
import { predictions } from "./_predictions.ts";
import { realTest } from "./_real.ts";

const random = seededRandom("chance");
/** 120 clips of two databases and 12 subjects, half 0, a third 1, a sixth 2. */
const truths = Array.from({ length: 120 }, (_, i) => ({
  database: i % 2 ? "samm" : "smic",
  subject: `${i % 12}`,
  clip: `${i}`,
  truth: [0, 0, 0, 1, 1, 2][(i * 5 + Math.floor(i / 6)) % 6]!,
}));
const perfect = truths.map((t) => ({ ...t, prediction: t.truth }));
const blind = truths.map((t) => ({ ...t, prediction: random.integer(3) }));

Deno.test("chance: the majority class, full and for each database", () => {
  const { majority } = chance(predictions("smic s1 0:1 1:1 1:0\nsamm 006 0:0 0:0 2:2"), 3, {
    permutations: 1,
  });
  assertEquals(majority.classIndex, 0);
  assertEquals([majority.n, majority.accuracy], [6, 3 / 6]);
  assertAlmostEquals(majority.uf1, (2 * 3) / (2 * 3 + 3) / 3, 1e-15);
  assertAlmostEquals(majority.uar, 1 / 3, 1e-15);
  assertAlmostEquals(majority.perDatabase.smic!.accuracy, 1 / 3, 1e-15);
  // Equally frequent: the smallest index.
  assertEquals(chance(predictions("smic s1 2:0 1:0"), 3, { permutations: 1 }).majority.classIndex, 1);
});

Deno.test("chance: shuffled labels have the expected accuracy and recall, and keep the predictions' frequencies", () => {
  const { shuffled } = chance(perfect, 3);
  // The chance that two clips drawn without replacement have equal classes; sizes 60, 40, 20.
  const expected = (60 * 60 + 40 * 40 + 20 * 20) / 120 / 120;
  assertAlmostEquals(shuffled.accuracy, expected, 0.005);
  assertAlmostEquals(shuffled.uar, 1 / 3, 0.005);
  assertEquals([shuffled.n, shuffled.permutations], [120, 1000]);
  assert(shuffled.uf1Quantile95 > shuffled.uf1 && shuffled.uf1Quantile95 < 0.5);
  assertEquals(shuffled.pValue, 1 / 1001);
  assertEquals(Object.values(shuffled.perDatabase).map((f) => f.n), [60, 60]);
  for (const part of Object.values(shuffled.perDatabase)) assertAlmostEquals(part.accuracy, expected, 0.02);
});

Deno.test("chance: the quantile and the p-value are those of the permutations, exhaustively", () => {
  // Two clips, two classes: a permutation either keeps the truth (UF1 1) or swaps it (UF1 0).
  const { shuffled } = chance(predictions("smic s1 0:0 1:1"), 2, { permutations: 999 });
  assertAlmostEquals(shuffled.uf1, 0.5, 0.06);
  assertAlmostEquals(shuffled.pValue, (1 + 999 * shuffled.uf1) / 1000, 1e-12);
  assertEquals(shuffled.uf1Quantile95, 1);
});

Deno.test("chance: predictions without knowledge have no small p-value", () => {
  const p = chance(blind, 3).shuffled.pValue;
  assert(p > 0.05, `p ${p}`);
});

Deno.test("chance depends on the seed alone", () => {
  assertEquals(chance(blind, 3, { seed: 5 }), chance(blind, 3, { seed: 5 }));
  assertNotEquals(chance(blind, 3, { seed: 5 }).shuffled.uf1, chance(blind, 3, { seed: 6 }).shuffled.uf1);
});

Deno.test("chance refuses no predictions and no permutations", () => {
  assertThrows(() => chance([], 3), RangeError, "there are none");
  assertThrows(
    () => chance(blind, 3, { permutations: 0 }),
    RangeError,
    "permutations must be a positive integer",
  );
});

Deno.test("bootstrapInterval holds the score, narrows with more subjects and is exact for a perfect predictor", () => {
  const half = truths.map((t, i) => ({ ...t, prediction: (i * i) % 11 < 6 ? t.truth : (t.truth + 1) % 3 }));
  const one = bootstrapInterval(half, 3);
  const { uf1, accuracy, uar } = score(half, 3);
  assertEquals(one.subjects, 12);
  assert(one.uf1.low < uf1 && uf1 < one.uf1.high);
  assert(one.accuracy.low < accuracy && accuracy < one.accuracy.high);
  assert(one.uar.low < uar && uar < one.uar.high);
  const more = bootstrapInterval(
    [0, 1, 2, 3].flatMap((k) => half.map((p) => ({ ...p, subject: `${p.subject}_${k}` }))),
    3,
  );
  assert(more.uf1.high - more.uf1.low < 0.75 * (one.uf1.high - one.uf1.low));
  assertEquals(bootstrapInterval(perfect, 3).accuracy, { low: 1, high: 1 });
  assertEquals(
    bootstrapInterval(half, 3, { seed: 2 }),
    bootstrapInterval([...half].reverse(), 3, { seed: 2 }),
  );
  assertThrows(() => bootstrapInterval(half, 3, { level: 1 }), RangeError, "level must be in (0, 1)");
});

Deno.test("bootstrapInterval of two subjects by hand", () => {
  // One subject all right, one all wrong: a resample has accuracy 0, 1/2 or 1 with 1/4, 1/2, 1/4.
  const two = predictions("smic s1 0:0\nsmic s2 1:0");
  const at = (level: number) => bootstrapInterval(two, 2, { level, resamples: 2000 }).accuracy;
  assertEquals(at(0.9), { low: 0, high: 1 });
  assertEquals(at(0.4), { low: 0.5, high: 0.5 });
});

realTest("chance of the composite: always negative is 0.241 / 0.333", async (folder) => {
  const log = readMegc2019Log(await Deno.readTextFile(`${folder}/logs/STSTNet_logfile.txt`));
  const { majority, shuffled } = chance(log, 3);
  assertEquals([majority.uf1.toFixed(3), majority.uar.toFixed(3)], ["0.241", "0.333"]);
  assertEquals(shuffled.pValue, 1 / 1001);
});
