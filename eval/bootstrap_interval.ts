import { seededRandom } from "../engine/random.ts";
import type { Prediction } from "../types.ts";
import { checkPredictions, classNames } from "./_check.ts";
import { type Confusion, count, emptyConfusion, figuresOf } from "./_counts.ts";

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
  const { seed = 0, resamples = 1000, level = 0.95 } = options;
  const task = "bootstrap predictions";
  const names = classNames(task, classes);
  checkPredictions(task, predictions, names.length);
  if (!Number.isInteger(resamples) || resamples < 1) {
    throw new RangeError(
      `Cannot ${task}: resamples must be a positive integer, current value is ${resamples}`,
    );
  }
  if (!(level > 0 && level < 1)) {
    throw new RangeError(`Cannot ${task}: level must be in (0, 1), current value is ${level}`);
  }
  const subjects = subjectTables(predictions, names.length);
  const random = seededRandom(seed);
  const drawn = Array.from({ length: resamples }, () => {
    const total = emptyConfusion(names.length);
    for (let i = 0; i < subjects.length; i++) add(total, subjects[random.integer(subjects.length)]!);
    return figuresOf(total);
  });
  const interval = (name: "accuracy" | "uf1" | "uar"): Interval => {
    const sorted = drawn.map((figures) => figures[name]).sort((a, b) => a - b);
    const at = (q: number) => sorted[Math.min(resamples - 1, Math.max(0, Math.ceil(q * resamples) - 1))]!;
    return { low: at((1 - level) / 2), high: at((1 + level) / 2) };
  };
  return {
    accuracy: interval("accuracy"),
    uf1: interval("uf1"),
    uar: interval("uar"),
    subjects: subjects.length,
  };
}

function subjectTables(predictions: readonly Prediction[], classes: number): Confusion[] {
  const tables = new Map<string, Confusion>();
  for (const { database, subject, truth, prediction } of predictions) {
    const key = JSON.stringify([database, subject]);
    const table = tables.get(key) ?? emptyConfusion(classes);
    tables.set(key, table);
    count(table, truth, prediction);
  }
  // In order of key, so that the order of the predictions does not matter.
  return [...tables].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, table]) => table);
}

function add(total: Confusion, table: Confusion): void {
  table.forEach((row, t) => row.forEach((n, p) => total[t]![p]! += n));
}
