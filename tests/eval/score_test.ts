import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { leaveOneSubjectOut, readMegc2019Log, score } from "../../eval/mod.ts";
import { seededRandom } from "../../engine/random.ts";
import type { Prediction } from "../../types.ts";
import { predictions } from "./_predictions.ts";
import { realTest } from "./_real.ts";

const classes = ["negative", "positive", "surprise"];

/** The mean over folds of each fold's own UF1: the wrong way that pooled scores replace. */
function perFoldUf1(all: readonly Prediction[]): number {
  const folds = leaveOneSubjectOut(all);
  return folds.reduce((sum, fold) => sum + score(fold.test.map((i) => all[i]!), 3).uf1, 0) / folds.length;
}

Deno.test("score by hand: counts, rates, means over all classes", () => {
  // truth 0: 3 right, 1 as 1; truth 1: 2 right, 1 as 0, 1 as 2; truth 2: 1 right, 1 as 0
  const s = score(
    predictions(`
      casme2 sub01 0:0 0:0 1:1 2:2
      casme2 sub02 0:1 1:0 1:2
      smic s1 0:0 1:1 2:0`),
    classes,
  );
  assertEquals(s.confusion, [[3, 1, 0], [1, 2, 1], [1, 0, 1]]);
  assertEquals(s.n, 10);
  assertEquals(s.accuracy, 0.6);
  assertEquals(s.perClass.map((c) => [c.name, c.tp, c.fp, c.fn, c.support]), [
    ["negative", 3, 2, 1, 4],
    ["positive", 2, 1, 2, 4],
    ["surprise", 1, 1, 1, 2],
  ]);
  assertAlmostEquals(s.perClass[0]!.precision, 3 / 5);
  assertAlmostEquals(s.uf1, (6 / 9 + 4 / 7 + 2 / 4) / 3, 1e-15);
  assertEquals(s.macroF1, s.uf1);
  assertAlmostEquals(s.uar, (3 / 4 + 2 / 4 + 1 / 2) / 3, 1e-15);
  assertEquals(Object.keys(s.perDatabase), ["casme2", "smic"]);
  const smic = s.perDatabase.smic!;
  assertEquals(smic.confusion, [[1, 0, 0], [0, 1, 0], [1, 0, 0]]);
  assertAlmostEquals(smic.uf1, (2 / 3 + 1 + 0) / 3, 1e-15);
  assertAlmostEquals(smic.uar, 2 / 3, 1e-15);
});

Deno.test("score counts 0/0 as 0 and means over classes that do not occur", () => {
  const s = score(predictions("samm 006 0:0 0:0 1:1"), 3);
  assertEquals([s.accuracy, s.uf1, s.uar], [1, 2 / 3, 2 / 3]);
  assertEquals(s.perClass[2], { name: "2", tp: 0, fp: 0, fn: 0, support: 0, precision: 0, recall: 0, f1: 0 });
  const wrong = score(predictions("samm 006 0:1"), 2);
  assertEquals([wrong.accuracy, wrong.uf1, wrong.uar], [0, 0, 0]);
});

Deno.test("score takes five classes of a single database", () => {
  const five = score(predictions("casme2 sub01 0:0 1:1 2:2 3:3 4:0\ncasme2 sub02 4:4 0:0"), 5);
  assertAlmostEquals(five.accuracy, 6 / 7);
  assertAlmostEquals(five.macroF1, (4 / 5 + 1 + 1 + 1 + 2 / 3) / 5, 1e-15);
  assertAlmostEquals(five.uar, (4 + 1 / 2) / 5, 1e-15);
  assertEquals(five.perDatabase.casme2!.uf1, five.uf1);
});

Deno.test("score does not depend on the order and keeps equal names of different databases apart", () => {
  const all = predictions("smic s1 0:0 1:2\nsamm s1 1:1 2:2\ncasme2 s1 0:1");
  assertEquals(score(seededRandom(3).shuffle(all), classes), score(all, classes));
  assertEquals(score(all, classes).n, 5);
});

Deno.test("score agrees with a naive loop over random predictions", () => {
  const random = seededRandom("score");
  for (let round = 0; round < 20; round++) {
    const classes = 2 + random.integer(5);
    const all = Array.from({ length: 1 + random.integer(60) }, (_, i) => ({
      database: "mmi",
      subject: `${random.integer(4)}`,
      clip: `${i}`,
      truth: random.integer(classes),
      prediction: random.integer(classes),
    }));
    let [f1, recall] = [0, 0];
    for (let k = 0; k < classes; k++) {
      const tp = all.filter((p) => p.truth === k && p.prediction === k).length;
      const fp = all.filter((p) => p.truth !== k && p.prediction === k).length;
      const fn = all.filter((p) => p.truth === k && p.prediction !== k).length;
      if (tp > 0) f1 += (2 * tp) / (2 * tp + fp + fn) / classes;
      if (tp > 0) recall += tp / (tp + fn) / classes;
    }
    const s = score(all, classes);
    assertAlmostEquals(s.uf1, f1, 1e-12);
    assertAlmostEquals(s.uar, recall, 1e-12);
    assertAlmostEquals(s.accuracy, all.filter((p) => p.truth === p.prediction).length / all.length, 1e-12);
  }
});

Deno.test("score refuses repeated clips, nothing at all and classes out of range", () => {
  const one = predictions("smic s1 0:0");
  assertThrows(() => score([...one, ...one], 3), RangeError, "clip smic/s1/s1_1 occurs twice");
  assertThrows(() => score([], 3), RangeError, "Cannot score predictions: there are none");
  assertThrows(() => score(predictions("smic s1 3:0"), 3), RangeError, "truth of clip smic/s1/s1_1 must be");
  assertThrows(() => score(predictions("smic s1 0:0.5"), 3), RangeError, "current value is 0.5");
  assertThrows(() => score(one, []), RangeError, "at least one class");
});

Deno.test("a perfect predictor scores 1 pooled, but not averaged over folds", () => {
  // Two subjects with one class, one with two, one with three: averaged (1/3 + 1/3 + 2/3 + 1) / 4.
  const perfect = predictions("smic s1 0:0 0:0\nsmic s2 1:1\nsamm 006 0:0 2:2\ncasme2 sub01 0:0 1:1 2:2");
  assertEquals(score(perfect, 3).uf1, 1);
  assertEquals(score(perfect, 3).uar, 1);
  assertAlmostEquals(perFoldUf1(perfect), 7 / 12, 1e-12);
});

realTest(
  "a perfect predictor on the composite's 68 folds scores 1, not the 0.63235 of per-fold averaging",
  async (folder) => {
    const csv = await Deno.readTextFile(`${folder}/annotations/combined_3class_gt.csv`);
    const perfect = csv.trim().split(/\r?\n/).map((line) => {
      const [database = "", subject = "", clip = "", label] = line.split(",");
      return { database, subject, clip, truth: Number(label), prediction: Number(label) };
    });
    const folds = leaveOneSubjectOut(perfect);
    assertEquals([perfect.length, folds.length], [442, 68]);
    const kinds = folds.map((fold) => new Set(fold.test.map((i) => perfect[i]!.truth)).size);
    assertEquals([1, 2, 3].map((k) => kinds.filter((kind) => kind === k).length), [23, 29, 16]);
    const s = score(perfect, classes);
    assertEquals([s.accuracy, s.uf1, s.uar], [1, 1, 1]);
    assertEquals(s.perClass.map((c) => c.support), [250, 109, 83]);
    assertEquals(Object.entries(s.perDatabase).map(([name, part]) => [name, part.n, part.uf1]), [
      ["casme2", 145, 1],
      ["samm", 133, 1],
      ["smic", 164, 1],
    ]);
    assertEquals(perFoldUf1(perfect).toFixed(5), "0.63235");
  },
);

realTest("the log that the authors of STSTNet published gives their UF1 and the true UAR", async (folder) => {
  const s = score(readMegc2019Log(await Deno.readTextFile(`${folder}/logs/STSTNet_logfile.txt`)), classes);
  assertEquals([s.n, s.uf1, s.uar, s.accuracy], [
    442,
    0.7353011995340291,
    0.7185502376478391,
    0.7692307692307693,
  ]);
  assertEquals(s.perClass.map((c) => c.tp), [219, 62, 59]);
  assertEquals(s.perClass.map((c) => c.fp), [61, 25, 16]);
  assertEquals(s.perClass.map((c) => c.fn), [31, 47, 24]);
  // What the literature prints as UAR, 0.7605, is macro precision.
  const precision = s.perClass.reduce((sum, c) => sum + c.precision, 0) / 3;
  assertAlmostEquals(precision, 0.7605, 5e-5);
  // The UF1 of each database as published: SMIC 0.6801, CASME II 0.8382, SAMM 0.6588.
  const uf1 = (database: string) => s.perDatabase[database]!.uf1.toFixed(4);
  assertEquals(["smic", "casme2", "samm"].map(uf1), ["0.6801", "0.8382", "0.6588"]);
  assert(Object.values(s.perDatabase).every((part) => part.uar < part.uf1));
});
