import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  bootstrapInterval,
  compareRuns,
  comparisonCsv,
  comparisonLatex,
  comparisonText,
  readMegc2019Log,
  type RunToCompare,
  score,
} from "../../eval/mod.ts";
import { type Prediction, UserError } from "../../types.ts";
import golden from "../golden/statistics.json" with { type: "json" };
import { predictions } from "./_predictions.ts";
import { realTest } from "./_real.ts";

const run = (name: string, ...texts: string[]): RunToCompare => ({
  name,
  classes: ["no", "yes"],
  seeds: texts.map((text, i) => ({
    ...(texts.length > 1 ? { seed: i + 1 } : {}),
    predictions: predictions(text),
  })),
});
// Right: A 4 of 4, 2 of 2, 1 of 3; B 2 of 4, 2 of 2, 2 of 3.
const a = run("A", "smic s1 0:0 1:1 0:0 1:1\nsmic s2 0:0 1:1\nsamm s1 0:0 1:0 0:1");
const b = run("B", "smic s1 0:0 1:0 0:1 1:1\nsmic s2 0:0 1:1\nsamm s1 0:0 1:1 0:1");

Deno.test("compareRuns by hand: who got what right, both tests, the differences", () => {
  const { clips, subjects, classes, runs, pairs } = compareRuns([a, b]);
  assertEquals([clips, subjects, classes, pairs.length], [9, 3, ["no", "yes"], 1]);
  const [pair] = pairs;
  assertEquals(pair?.pairing, "single");
  const [seed] = pair!.bySeed;
  assertEquals([seed?.bothRight, seed?.bothWrong], [5, 1]);
  assertEquals([seed?.mcnemar.onlyFirst, seed?.mcnemar.onlySecond], [2, 1]);
  assertEquals(pair?.mcnemar, { pValue: 1, holm: 1 }); // twice P(at most 1 of 3 heads), 2 * 4/8
  // Differences of subjects: 1/2, 0, -1/3; ranks 2 and 1.
  const { n, zeros, positive, negative, method, pValue, effect } = pair!.wilcoxon;
  assertEquals([n, zeros, positive, negative, method, pValue], [2, 1, 2, 1, "exact", 1]);
  assertAlmostEquals(effect, 1 / 3, 1e-15);
  assertAlmostEquals(pair!.difference.accuracy.mean, 1 / 9, 1e-15);
  const scores = [a, b].map(({ seeds }) => score(seeds[0]!.predictions, 2));
  assertEquals(runs.map(({ scores }) => scores.full.uf1.mean), scores.map(({ uf1 }) => uf1));
  assertAlmostEquals(pair!.difference.uf1.mean, scores[0]!.uf1 - scores[1]!.uf1, 1e-15);
  assertEquals("overSeeds" in pair!.difference.uf1, false);
});

Deno.test("the interval over subjects of one seed is bootstrapInterval's, and a run against itself differs by nothing", () => {
  const { runs, pairs } = compareRuns([a, { ...a, name: "again" }], { seed: 4 });
  const { accuracy, uf1, uar } = bootstrapInterval(a.seeds[0]!.predictions, 2, { seed: 4 });
  assertEquals(runs[0]?.overSubjects, { uf1, uar, accuracy });
  assertEquals(pairs[0]?.difference.uf1, { mean: 0, overSubjects: { low: 0, high: 0 } });
  assertEquals([pairs[0]?.mcnemar.pValue, pairs[0]?.wilcoxon.pValue], [1, 1]);
});

Deno.test("seeds are compared one by one and never pooled as if they were clips", () => {
  const all = "smic s1 0:0 1:1 0:0 1:1 0:0 1:1", none = "smic s1 0:1 1:0 0:1 1:0 0:1 1:0";
  const good = run("good", all, all, all), bad = run("bad", none, none, none);
  const [pair] = compareRuns([good, bad]).pairs;
  assertEquals(pair?.pairing, "same seeds");
  assertEquals(pair?.bySeed.map(({ first, second }) => [first, second]), [[1, 1], [2, 2], [3, 3]]);
  const one = 2 / 2 ** 6; // six coins alike
  assertEquals(pair?.bySeed.map(({ mcnemar }) => mcnemar.pValue), [one, one, one]);
  assertAlmostEquals(pair!.mcnemar.pValue, one * 3 / 2, 1e-15); // pooled it would be 2 / 2^18
  assertEquals(pair?.wilcoxon.n, 1); // one subject is one difference, however many seeds
  assertEquals(pair?.wilcoxon.pValue, 1);
  assertEquals(pair?.difference.accuracy.overSeeds?.mean, 1);
});

Deno.test("differences over seeds are paired, and a subject's accuracy is its mean over the seeds", () => {
  const first = run("first", "smic s1 0:0 1:1\nsmic s2 0:0", "smic s1 0:0 1:0\nsmic s2 0:0");
  const second = run("second", "smic s1 0:0 1:0\nsmic s2 0:1", "smic s1 0:1 1:0\nsmic s2 0:0");
  const [pair] = compareRuns([first, second]).pairs;
  // Accuracies 3/3, 2/3 and 1/3, 1/3.
  const { mean, deviation, n } = pair!.difference.accuracy.overSeeds!;
  assertEquals(n, 2);
  assertAlmostEquals(mean, 1 / 2, 1e-15);
  assertAlmostEquals(deviation!, 1 / 3 / Math.SQRT2, 1e-15);
  // s1: (2 + 1 - 1 - 0) / 4 = 1/2; s2: (1 + 1 - 0 - 1) / 2 = 1/2: a tie.
  assertEquals([pair!.wilcoxon.n, pair!.wilcoxon.positive, pair!.wilcoxon.method], [2, 3, "exact"]);
});

Deno.test("seeds of other numbers: one against each, in order, or refused", () => {
  const text = "smic s1 0:0 1:1";
  const three = run("three", text, text, text);
  const [single] = compareRuns([run("log", text), three]).pairs;
  assertEquals([single?.pairing, single?.bySeed.length], ["one against each", 3]);
  const later = { ...three, name: "later", seeds: three.seeds.map((s) => ({ ...s, seed: s.seed! + 10 })) };
  const [ordered] = compareRuns([three, later]).pairs;
  assertEquals(ordered?.pairing, "in order");
  assertEquals(ordered?.bySeed.map(({ first, second }) => [first, second]), [[1, 11], [2, 12], [3, 13]]);
  assertEquals("overSeeds" in ordered!.difference.uf1, false); // not the same seeds
  assertStringIncludes(comparisonText(compareRuns([three, later])), "no seed in common; paired in order");
  const two = { ...later, name: "two", seeds: later.seeds.slice(0, 2) };
  assertThrows(
    () => compareRuns([three, two]),
    UserError,
    "Cannot compare three (seeds 1, 2, 3) and two (seeds 11, 12): they have no seed in common",
  );
  const shifted = { ...three, name: "shifted", seeds: three.seeds.map((s) => ({ ...s, seed: s.seed! + 1 })) };
  const [some] = compareRuns([three, shifted]).pairs;
  assertEquals(some?.bySeed.map(({ first, second }) => [first, second]), [[2, 2], [3, 3]]);
});

Deno.test("other clips are refused by name, or left out loudly where the common ones are asked for", () => {
  const less = run("less", "smic s1 0:0 1:0 0:1\nsmic s2 0:0 1:1\nsamm s1 0:0 1:1 0:1 1:1");
  assertThrows(
    () => compareRuns([a, less]),
    UserError,
    "they are over different clips: A has 1 clip that not all have (smic/s1/s1_4); less has 1 clip that not all have (samm/s1/s1_4); compare runs of one task, or only the 8 common clips with --common.",
  );
  const found = compareRuns([a, less], { common: true });
  assertEquals(found.clips, 8);
  assertEquals(found.runs.map(({ leftOut }) => leftOut), [["smic/s1/s1_4"], ["samm/s1/s1_4"]]);
  assertEquals(found.runs[0]?.scores.full.accuracy.mean, 6 / 8);
  assertStringIncludes(comparisonText(found), "ONLY COMMON CLIPS: left out are 1 of A, 1 of less.");
  const others = run("others", "casme2 sub01 0:0 1:1");
  assertThrows(() => compareRuns([a, others], { common: true }), UserError, "have no clip in common");
});

Deno.test("other classes and other truths are refused by name, common clips or not", () => {
  for (const common of [false, true]) {
    const three = { ...b, classes: ["negative", "positive", "surprise"] };
    assertThrows(
      () => compareRuns([a, three], { common }),
      UserError,
      "different classes: A has no, yes; B has negative, positive, surprise;",
    );
    assertThrows(() => compareRuns([a, { ...b, classes: 3 }], { common }), UserError, "B has 3 classes");
    const other = run("B", "smic s1 0:0 1:1 1:0 1:1\nsmic s2 0:0 1:1\nsamm s1 0:0 1:0 0:1");
    assertThrows(
      () => compareRuns([a, other], { common }),
      UserError,
      "Cannot compare A and B: they have different true classes of 1 clip (smic/s1/s1_3: 0 and 1)",
    );
  }
  assertEquals(compareRuns([{ ...a, classes: 2 }, b]).classes, ["no", "yes"]);
  assertThrows(() => compareRuns([a]), RangeError, "at least two");
});

Deno.test("p-values are adjusted over all pairs, each test by itself", () => {
  const wrong = run("C", "smic s1 0:1 1:0 0:1 1:0\nsmic s2 0:1 1:0\nsamm s1 0:1 1:0 0:1");
  const { pairs } = compareRuns([a, b, wrong]);
  assertEquals(pairs.map(({ first, second }) => `${first}${second}`), ["AB", "AC", "BC"]);
  const smallest = pairs.toSorted((p, q) => p.mcnemar.pValue - q.mcnemar.pValue)[0]!;
  assertAlmostEquals(smallest.mcnemar.holm, 3 * smallest.mcnemar.pValue, 1e-15);
  const csv = comparisonCsv({ ...compareRuns([a, b, wrong]) }).trim().split("\n");
  assertEquals(csv.length, 1 + 3);
  const column = csv[0]!.split(",").indexOf("mcnemar_holm");
  assertEquals(csv.slice(1).map((line) => Number(line.split(",")[column])), pairs.map((p) => p.mcnemar.holm));
  assertEquals(
    comparisonLatex(compareRuns([a, b, wrong])).split("\n").filter((line) => line.endsWith("\\\\")).length,
    6,
  );
});

Deno.test("swapping two runs changes the signs and no p-value", () => {
  const clip = fc.record({
    subject: fc.constantFrom("s1", "s2", "s3", "s4"),
    truth: fc.nat({ max: 2 }),
    one: fc.nat({ max: 2 }),
    other: fc.nat({ max: 2 }),
  });
  fc.assert(
    fc.property(fc.array(clip, { minLength: 1, maxLength: 40 }), (clips) => {
      const list = (of: "one" | "other"): Prediction[] =>
        clips.map((c, i) => ({
          database: "smic",
          subject: c.subject,
          clip: `${i}`,
          truth: c.truth,
          prediction: c[of],
        }));
      const runs = (["one", "other"] as const).map((of) => ({
        name: of,
        classes: 3,
        seeds: [{ predictions: list(of) }],
      }));
      const [there] = compareRuns(runs, { resamples: 50 }).pairs;
      const [back] = compareRuns(runs.toReversed(), { resamples: 50 }).pairs;
      assertEquals(there!.mcnemar, back!.mcnemar);
      assertEquals(there!.wilcoxon.pValue, back!.wilcoxon.pValue);
      assertAlmostEquals(there!.difference.uar.mean, -back!.difference.uar.mean, 1e-15);
      const { overSubjects, mean } = there!.difference.accuracy;
      assert(overSubjects.low <= overSubjects.high && Math.abs(mean) <= 1);
    }),
    { numRuns: 40 },
  );
});

Deno.test("a whole comparison of several seeds is that of SciPy, statsmodels and NumPy", () => {
  for (const { classes, subject, truth, predictions, ...expected } of golden.compareRuns) {
    const runs = predictions.map((lists, m): RunToCompare => ({
      name: `method ${m}`,
      classes,
      seeds: lists.map((list, seed) => ({
        seed,
        predictions: list.map((prediction, i) => ({
          database: "smic",
          subject: `s${subject[i]}`,
          clip: `${i}`,
          truth: truth[i]!,
          prediction,
        })),
      })),
    }));
    const [pair] = compareRuns(runs, { resamples: 20 }).pairs;
    const close = (actual: number, value: number) => assertAlmostEquals(actual, value, 1e-9 * value + 1e-15);
    pair!.bySeed.forEach(({ mcnemar }, i) => close(mcnemar.pValue, expected.mcnemar[i]!));
    close(pair!.mcnemar.pValue, expected.combined);
    const { n, positive, method, pValue } = pair!.wilcoxon;
    assertEquals([n, positive, method], [
      expected.wilcoxon.n,
      expected.wilcoxon.positive,
      expected.wilcoxon.method,
    ]);
    close(pValue, expected.wilcoxon.pValue);
    close(pair!.difference.uf1.overSeeds!.pValue!, expected.uf1P);
    runs.forEach(({ seeds }, m) =>
      seeds.forEach(({ predictions }, i) => close(score(predictions, classes).uf1, expected.uf1[m]![i]!))
    );
  }
});

realTest("STSTNet's authors against always negative", async (folder) => {
  const own = readMegc2019Log(await Deno.readTextFile(`${folder}/logs/STSTNet_logfile.txt`));
  const negative = own.map((p) => ({ ...p, prediction: 0 }));
  const [pair] = compareRuns([
    { name: "STSTNet", classes: 3, seeds: [{ predictions: own }] },
    { name: "negative", classes: 3, seeds: [{ predictions: negative }] },
  ]).pairs;
  // 62 + 59 of the clips that are not negative are right, 31 of the negative ones are not (FORMATS: TP 219/62/59, FN 31/47/24).
  assertEquals([pair?.bySeed[0]?.mcnemar.onlyFirst, pair?.bySeed[0]?.mcnemar.onlySecond], [121, 31]);
  assert(pair!.mcnemar.pValue < 1e-10 && pair!.difference.uf1.overSubjects.low > 0.4);
});
