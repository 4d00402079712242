import { studentTwoSided } from "./_distributions.ts";
import { type MeanInterval, meanInterval, type MeanIntervalOptions } from "./mean_interval.ts";

/** The mean difference of paired values. */
export interface PairedDifference extends MeanInterval {
  /** The two-sided p-value of the paired t-test; absent for one pair, and where all differences are equal. */
  readonly pValue?: number;
}

/**
 * Compares values that belong together in pairs, such as the scores of two methods under the same seeds: the mean of first - second with its
 * interval as {@linkcode meanInterval} gives it, and the paired t-test (is the mean difference 0?).
 *
 * @param first At least one value.
 * @param second As many, in the same order.
 * @throws {RangeError} If the numbers of values differ, or as {@linkcode meanInterval}.
 *
 * @example
 * ```ts
 * import { pairedDifference } from "@macro2micro/mer/eval";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { mean, pValue } = pairedDifference([0.74, 0.75, 0.79], [0.70, 0.72, 0.74]);
 * assertAlmostEquals(mean, 0.04, 1e-12);
 * assertAlmostEquals(pValue!, 0.0202, 1e-4); // t = 4 sqrt(3), two degrees of freedom
 * ```
 */
export function pairedDifference(
  first: readonly number[],
  second: readonly number[],
  options: MeanIntervalOptions = {},
): PairedDifference {
  if (first.length !== second.length) {
    throw new RangeError(
      `Cannot compare paired values: the lists must be equally long, current lengths are ${first.length} and ${second.length}`,
    );
  }
  const found = meanInterval(first.map((value, i) => value - second[i]!), options);
  const { n, mean, deviation } = found;
  if (deviation === undefined || deviation === 0) return found;
  return { ...found, pValue: studentTwoSided(mean / (deviation / Math.sqrt(n)), n - 1) };
}
