// The statistics against SciPy and statsmodels (tools/golden/significance.py), by hand, and by their properties.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  combineSeeds,
  holm,
  mcnemar,
  meanInterval,
  pairedDifference,
  wilcoxonSignedRank,
} from "../../eval/mod.ts";
import { chiSquaredTail, normalTail, studentQuantile, studentTwoSided } from "../../eval/_distributions.ts";
import golden from "../golden/statistics.json" with { type: "json" };

/** Equal to so many digits, relative to the size. */
function assertClose(actual: number, expected: number, relative = 1e-11): void {
  assertAlmostEquals(actual, expected, relative * Math.abs(expected) + 1e-300);
}

Deno.test("the tails and quantiles of the distributions are SciPy's", () => {
  for (const [z, tail] of golden.normalTail) assertClose(normalTail(z!), tail!);
  for (const [x, tail] of golden.chiSquaredTail) assertClose(chiSquaredTail(x!), tail!);
  for (const [level, degrees, t] of golden.studentQuantile) {
    assertClose(studentQuantile(level!, degrees!), t!);
    assertClose(studentTwoSided(t!, degrees!), 1 - level!, 1e-10);
  }
});

Deno.test("meanInterval is SciPy's t interval", () => {
  for (const { values, level, mean, deviation, low, high } of golden.meanInterval) {
    const found = meanInterval(values, { level });
    assertEquals(found.n, values.length);
    assertClose(found.mean, mean);
    assertClose(found.deviation!, deviation);
    assertClose(found.interval!.low, low);
    assertClose(found.interval!.high, high);
  }
});

Deno.test("meanInterval of one value has no interval, of equal values one of no width; it refuses none and odd values", () => {
  assertEquals(meanInterval([0.5]), { n: 1, mean: 0.5 });
  assertEquals(meanInterval([0.5, 0.5, 0.5]), {
    n: 3,
    mean: 0.5,
    deviation: 0,
    interval: { low: 0.5, high: 0.5 },
  });
  assertThrows(() => meanInterval([]), RangeError, "there are none");
  assertThrows(() => meanInterval([1, NaN]), RangeError, "must be finite, current value is NaN");
  assertThrows(() => meanInterval([1, 2], { level: 1 }), RangeError, "level must be in (0, 1)");
});

Deno.test("pairedDifference is SciPy's paired t-test", () => {
  for (const { first, second, mean, pValue } of golden.pairedDifference) {
    const found = pairedDifference(first, second);
    assertAlmostEquals(found.mean, mean, 1e-14);
    assertClose(found.pValue!, pValue);
    const { low, high } = found.interval!;
    assertEquals(found.pValue! < 0.05, low > 0 || high < 0); // the 95 % interval leaves 0 out just then
  }
  assertEquals(pairedDifference([1], [0.5]), { n: 1, mean: 0.5 });
  assertEquals("pValue" in pairedDifference([1, 2], [0, 1]), false);
  assertThrows(() => pairedDifference([1, 2], [1]), RangeError, "current lengths are 2 and 1");
});

Deno.test("mcnemar is statsmodels', exact below 25 clips and chi-squared with correction from there on", () => {
  for (const { onlyFirst, onlySecond, method, pValue } of golden.mcnemar) {
    const found = mcnemar(onlyFirst, onlySecond);
    assertEquals(found.method, method);
    assertClose(found.pValue, pValue);
  }
  assertEquals(mcnemar(0, 0), { onlyFirst: 0, onlySecond: 0, method: "exact", pValue: 1, effect: 0 });
  // Where both are equal, the correction must not turn 0 into 1.
  assertEquals(mcnemar(20, 20).pValue, 1);
  assertThrows(() => mcnemar(1, -1), RangeError, "integers >= 0, current value is -1");
  assertThrows(() => mcnemar(1.5, 1), RangeError, "current value is 1.5");
});

Deno.test("wilcoxonSignedRank is SciPy's", () => {
  for (const { differences, n, smaller, positive, method, pValue } of golden.wilcoxon) {
    const found = wilcoxonSignedRank(differences);
    assertEquals([found.n, found.zeros, found.method], [n, differences.length - n, method]);
    assertEquals([found.positive, Math.min(found.positive, found.negative)], [positive, smaller]);
    assertClose(found.pValue, pValue, 1e-10);
  }
  const none = wilcoxonSignedRank([0, 0]);
  assertEquals([none.n, none.zeros, none.pValue, none.effect], [0, 2, 1, 0]);
  assertThrows(() => wilcoxonSignedRank([]), RangeError, "there are none");
  assertThrows(() => wilcoxonSignedRank([Infinity]), RangeError, "must be finite");
});

Deno.test("wilcoxonSignedRank counts every sign where there are few: the exact p-value by trying all", () => {
  // Their own ranks: the last ones with ties, which share the mean of theirs.
  for (
    const sizes of [[1], [1, 2], [3, 1, 2], [1, 2, 3, 4, 5, 6, 7, 8], [1.5, 1.5, 3], [
      2,
      2,
      2,
      4.5,
      4.5,
      6,
      7,
    ]]
  ) {
    const signs = Array.from(
      { length: 2 ** sizes.length },
      (_, bits) => sizes.map((size, i) => bits >> i & 1 ? size : -size),
    );
    const positive = (d: number[]) => d.reduce((sum, x) => sum + Math.max(0, x), 0);
    for (const differences of signs) {
      const w = Math.min(positive(differences), positive(differences.map((x) => -x)));
      const asFar = signs.filter((other) => positive(other) <= w).length;
      const expected = Math.min(1, 2 * asFar / signs.length);
      assertAlmostEquals(wilcoxonSignedRank(differences).pValue, expected, 1e-15);
    }
  }
});

Deno.test("swapping the two methods changes signs and no p-value", () => {
  const counts = fc.nat({ max: 60 });
  fc.assert(fc.property(counts, counts, (b, c) => {
    const [one, other] = [mcnemar(b, c), mcnemar(c, b)];
    assertEquals(one.pValue, other.pValue);
    assertAlmostEquals(one.effect, -other.effect, 1e-15);
    assert(one.pValue > 0 && one.pValue <= 1);
  }));
  const sizes = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 70 });
  fc.assert(fc.property(sizes, (d) => {
    const [one, other] = [wilcoxonSignedRank(d), wilcoxonSignedRank(d.map((x) => 0 - x))];
    assertEquals([one.pValue, one.positive, one.method], [other.pValue, other.negative, other.method]);
    assertEquals(one.positive + one.negative, one.n * (one.n + 1) / 2);
    assert(one.pValue > 0 && one.pValue <= 1 && Math.abs(one.effect) <= 1);
  }));
});

Deno.test("holm is statsmodels', keeps the order and lowers nothing", () => {
  for (const { pValues, adjusted } of golden.holm) {
    holm(pValues).forEach((p, i) => assertAlmostEquals(p, adjusted[i]!, 1e-15));
  }
  assertEquals(holm([]), []);
  assertThrows(() => holm([0.5, 1.5]), RangeError, "current value is 1.5");
  const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 });
  fc.assert(fc.property(values, (p) => {
    const adjusted = holm(p);
    p.forEach((value, i) => {
      assert(adjusted[i]! >= value && adjusted[i]! <= 1);
      p.forEach((other, j) => assert(value > other || adjusted[i]! <= adjusted[j]!));
    });
  }));
});

Deno.test("combineSeeds by hand", () => {
  assertEquals(combineSeeds([0.03]), 0.03);
  assertEquals(combineSeeds([0.03, 0.2]), 0.2); // of two seeds both have to show it
  assertAlmostEquals(combineSeeds([0.2, 0.01, 0.04]), 0.04 * 3 / 2, 1e-15);
  assertEquals(combineSeeds([0.9, 0.9, 0.9]), 1);
  assertThrows(() => combineSeeds([]), RangeError, "there are none");
});

Deno.test("combineSeeds holds its level where seeds share everything, share nothing, or half", () => {
  // Of p-values that are uniform, at most 5 of 100 may come out below 0.05: here on a grid, exactly.
  const grid = Array.from({ length: 200 }, (_, i) => (i + 0.5) / 200);
  const share = (make: (p: number, q: number) => number[]) => {
    let below = 0;
    for (const p of grid) for (const q of grid) if (combineSeeds(make(p, q)) < 0.05) below++;
    return below / grid.length ** 2;
  };
  assert(share((p) => [p, p, p]) <= 0.05);
  assert(share((p, q) => [p, q]) <= 0.05);
  assert(share((p, q) => [p, p, q, q]) <= 0.05);
  assert(share((p, q) => [p, 1 - p, q]) <= 0.05);
});
