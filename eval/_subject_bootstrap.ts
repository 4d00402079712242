import { seededRandom } from "../engine/random.ts";
import type { Prediction } from "../types.ts";
import { checkPredictions } from "./_check.ts";
import { type Confusion, count, emptyConfusion, figuresOf } from "./_counts.ts";
import type { BootstrapOptions, Interval } from "./bootstrap_interval.ts";
import type { Figures } from "./score.ts";

/** Scores of lists of predictions under draws of subjects that all lists share. */
export interface SubjectBootstrap {
  /** For each list its figures under each draw. */
  readonly drawn: readonly (readonly Figures[])[];
  /** How many subjects there are. */
  readonly subjects: number;
  /** The interval that holds the middle of the values, one for each draw. */
  interval(values: readonly number[]): Interval;
}

/** Draws whole subjects with replacement, as many as there are, and scores every list on each draw. The lists are of the same subjects. */
export function subjectBootstrap(
  lists: readonly (readonly Prediction[])[],
  classes: number,
  options: BootstrapOptions = {},
): SubjectBootstrap {
  const { seed = 0, resamples = 1000, level = 0.95 } = options;
  const task = "bootstrap predictions";
  for (const predictions of lists) checkPredictions(task, predictions, classes);
  if (!Number.isInteger(resamples) || resamples < 1) {
    throw new RangeError(
      `Cannot ${task}: resamples must be a positive integer, current value is ${resamples}`,
    );
  }
  if (!(level > 0 && level < 1)) {
    throw new RangeError(`Cannot ${task}: level must be in (0, 1), current value is ${level}`);
  }
  const tables = lists.map((predictions) => subjectTables(predictions, classes));
  const subjects = tables[0]?.length ?? 0;
  if (tables.some((list) => list.length !== subjects)) {
    throw new RangeError(`Cannot ${task}: the lists must be of the same subjects`);
  }
  const random = seededRandom(seed);
  const drawn: Figures[][] = lists.map(() => []);
  for (let draw = 0; draw < resamples; draw++) {
    const chosen = Array.from({ length: subjects }, () => random.integer(subjects));
    tables.forEach((list, l) => {
      const total = emptyConfusion(classes);
      for (const subject of chosen) add(total, list[subject]!);
      drawn[l]!.push(figuresOf(total));
    });
  }
  const interval = (values: readonly number[]): Interval => {
    const sorted = [...values].sort((a, b) => a - b);
    const at = (q: number) => sorted[Math.min(resamples - 1, Math.max(0, Math.ceil(q * resamples) - 1))]!;
    return { low: at((1 - level) / 2), high: at((1 + level) / 2) };
  };
  return { drawn, subjects, interval };
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
