import { mean, sum } from "./_counts.ts";
import { studentQuantile } from "./_distributions.ts";
import type { Interval } from "./bootstrap_interval.ts";

/** Options of {@linkcode meanInterval}. */
export interface MeanIntervalOptions {
  /**
   * The confidence of the interval, in (0, 1).
   *
   * @default {0.95}
   */
  level?: number;
}

/** A mean with what is known of its uncertainty. */
export interface MeanInterval {
  /** How many values there are. */
  readonly n: number;
  /** Their mean. */
  readonly mean: number;
  /** Their standard deviation (divisor n - 1); absent for one value. */
  readonly deviation?: number;
  /** The confidence interval of the mean; absent for one value. */
  readonly interval?: Interval;
}

/**
 * Mean, standard deviation and confidence interval of repeated measurements, such as the scores of a method's seeds:
 * mean +- t s / sqrt(n), with Student's t for n - 1 degrees of freedom.
 *
 * The interval is that of the mean over all seeds that might have been drawn; it supposes values that are about normally distributed.
 * With two seeds t is 12.7, with three 4.3, with five 2.8: few seeds make wide intervals. One value has none.
 *
 * @param values At least one, all finite.
 * @throws {RangeError} If there are no values, one is not finite, or the level is out of range.
 *
 * @example
 * ```ts
 * import { meanInterval } from "@macro2micro/mer/eval";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { mean, deviation, interval } = meanInterval([0.7, 0.72, 0.74]);
 * assertAlmostEquals(mean, 0.72, 1e-12);
 * assertAlmostEquals(deviation!, 0.02, 1e-12);
 * assertAlmostEquals(interval!.high, 0.72 + 4.302652729749 * 0.02 / Math.sqrt(3), 1e-12); // t for two degrees of freedom
 * assertEquals(meanInterval([0.7]), { n: 1, mean: 0.7 });
 * ```
 */
export function meanInterval(values: readonly number[], options: MeanIntervalOptions = {}): MeanInterval {
  const { level = 0.95 } = options;
  const n = values.length;
  if (n === 0) throw new RangeError("Cannot take the mean of values: there are none");
  const odd = values.find((value) => !Number.isFinite(value));
  if (odd !== undefined) {
    throw new RangeError(`Cannot take the mean of values: they must be finite, current value is ${odd}`);
  }
  if (!(level > 0 && level < 1)) {
    throw new RangeError(
      `Cannot take the mean of values: level must be in (0, 1), current value is ${level}`,
    );
  }
  const average = mean(values);
  if (n === 1) return { n, mean: average };
  const deviation = Math.sqrt(sum(values.map((value) => (value - average) ** 2)) / (n - 1));
  const half = studentQuantile(level, n - 1) * deviation / Math.sqrt(n);
  return { n, mean: average, deviation, interval: { low: average - half, high: average + half } };
}
