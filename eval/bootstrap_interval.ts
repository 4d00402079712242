import type { Prediction } from "../types.ts";
import { classNames } from "./_check.ts";
import { subjectBootstrap } from "./_subject_bootstrap.ts";

/** Options of {@linkcode bootstrapInterval}. */
export interface BootstrapOptions {
  /**
   * Decides the resamples.
   *
   * @default {0}
   */
  seed?: number | string;
  /**
   * How many resamples, >= 1.
   *
   * @default {1000}
   */
  resamples?: number;
  /**
   * The fraction of resamples inside the interval, in (0, 1).
   *
   * @default {0.95}
   */
  level?: number;
}

/** The ends of an interval. */
export interface Interval {
  /** The lower end. */
  readonly low: number;
  /** The upper end. */
  readonly high: number;
}

/** Intervals of the figures of a score. */
export interface BootstrapIntervals {
  /** Of the accuracy. */
  readonly accuracy: Interval;
  /** Of the UF1. */
  readonly uf1: Interval;
  /** Of the UAR. */
  readonly uar: Interval;
  /** How many subjects were resampled. */
  readonly subjects: number;
}

/**
 * Confidence intervals of pooled scores by the percentile bootstrap over subjects.
 *
 * Clips of one subject are not independent, so whole subjects are drawn with replacement, as many as there are. The intervals tell
 * how far the figures depend on which subjects happened to be recorded; they do not contain the variation between
 * trainings. A class that a resample misses counts 0, which widens the intervals of sets with rare classes downwards.
 *
 * @param predictions As for {@linkcode score}.
 * @param classes As for {@linkcode score}.
 * @throws {RangeError} As {@linkcode score}, or if an option is out of range.
 *
 * @example
 * ```ts
 * import { bootstrapInterval } from "@macro2micro/mer/eval";
 * import { assert } from "@std/assert";
 *
 * const predictions = Array.from({ length: 60 }, (_, i) => ({
 *   database: "samm", subject: `s${i % 20}`, clip: `${i}`, truth: i % 3, prediction: i % 5 === 0 ? 0 : i % 3,
 * }));
 * const { uf1 } = bootstrapInterval(predictions, 3);
 * assert(uf1.low > 0.7 && uf1.low < 0.86 && uf1.high > 0.86 && uf1.high < 1);
 * ```
 */
export function bootstrapInterval(
  predictions: readonly Prediction[],
  classes: readonly string[] | number,
  options: BootstrapOptions = {},
): BootstrapIntervals {
  const names = classNames("bootstrap predictions", classes);
  const { drawn, subjects, interval } = subjectBootstrap([predictions], names.length, options);
  const of = (name: "accuracy" | "uf1" | "uar") => interval(drawn[0]!.map((figures) => figures[name]));
  return { accuracy: of("accuracy"), uf1: of("uf1"), uar: of("uar"), subjects };
}
