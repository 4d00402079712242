import type { Prediction } from "../types.ts";
import { mean } from "./_counts.ts";
import { clipKey } from "./_order.ts";
import {
  type ComparedMeasure,
  compareRuns,
  type CompareRunsOptions,
  type RunToCompare,
} from "./compare_runs.ts";
import { holm } from "./holm.ts";
import type { Interval } from "./bootstrap_interval.ts";
import type { PairedDifference } from "./paired_difference.ts";
import type { PublishedResult } from "./published/published_results.ts";
import type { ScoresOverSeeds } from "./scores_over_seeds.ts";
import type { WilcoxonSignedRank } from "./wilcoxon_signed_rank.ts";

/** A row of an ablation before it is compared. */
export interface AblationInput extends Pick<RunToCompare, "seeds"> {
  /** Its folder's name (`lc`, `lc_ls`). */
  readonly row: string;
  /** Its name in tables. */
  readonly title: string;
}

/** Options of {@linkcode ablation}. */
export interface AblationOptions extends Pick<CompareRunsOptions, "seed" | "resamples" | "level"> {
  /**
   * The row that the others are compared with.
   *
   * @default {"lc"}
   */
  baseline?: string;
  /**
   * The paper's figures of the rows, by {@linkcode PublishedResult.row}.
   *
   * @default {[]}
   */
  published?: readonly PublishedResult[];
}

/** How much a row's score is above the baseline's. */
export interface AblationDifference {
  /** The mean over the seeds; interval and paired t-test where there are two or more. */
  readonly overSeeds: PairedDifference;
  /** The t-test's p-value adjusted for the number of rows (Holm), where there is one. */
  readonly holm?: number;
  /** The 95 % interval over subjects of the mean difference. */
  readonly overSubjects: Interval;
}

/** A row of an ablation. */
export interface AblationRow {
  /** Its folder's name. */
  readonly row: string;
  /** Its name in tables. */
  readonly title: string;
  /** Its scores over the seeds. */
  readonly scores: ScoresOverSeeds;
  /** What the paper prints for it on real data, where that is at hand. */
  readonly paper?: PublishedResult;
  /** Against the baseline; absent in the baseline's own row. */
  readonly difference?: Readonly<Record<ComparedMeasure, AblationDifference>>;
  /** Wilcoxon's test over subjects against the baseline, each subject's accuracy averaged over the seeds; `holm` adjusted for the number of rows. */
  readonly wilcoxon?: WilcoxonSignedRank & { readonly holm: number };
}

/** What {@linkcode ablation} finds. */
export interface Ablation {
  /** The row that the others are compared with. */
  readonly baseline: string;
  /** The seeds, the same for all rows. */
  readonly seeds: readonly (number | undefined)[];
  /** Clips. */
  readonly clips: number;
  /** Subjects. */
  readonly subjects: number;
  /** Clips that every row gets wrong, mean over the seeds: what no term of the loss makes a difference to. */
  readonly wrongInAllRows: number;
  /** The rows, in the order given. */
  readonly rows: readonly AblationRow[];
}

/**
 * Sets the rows of an ablation beside each other: scores over seeds, and each row's difference to the baseline, paired by seed, with its intervals over seeds and
 * over subjects and tests adjusted for the number of rows (Holm).
 *
 * @param rows The baseline and at least one other, all with the same seeds and clips.
 * @param classes The class names, or how many there are.
 * @throws {RangeError} If the baseline is missing or the rows have not the same seeds.
 * @throws {UserError} As {@linkcode compareRuns}.
 *
 * @example
 * ```ts
 * import { ablation } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const seeds = (predictions: number[]) => predictions.map((prediction, seed) => ({
 *   seed, predictions: [{ database: "smic", subject: "s1", clip: "a", truth: 1, prediction }],
 * }));
 * const { rows: [, all] } = ablation([
 *   { row: "lc", title: "L_c", seeds: seeds([0, 1]) },
 *   { row: "all", title: "all", seeds: seeds([1, 1]) },
 * ], 2);
 * assertEquals(all?.difference?.accuracy.overSeeds.mean, 0.5);
 * ```
 */
export function ablation(
  rows: readonly AblationInput[],
  classes: readonly string[] | number,
  options: AblationOptions = {},
): Ablation {
  const { baseline = "lc", published = [], ...bootstrap } = options;
  const numbers = (input: AblationInput | undefined) => JSON.stringify(input?.seeds.map(({ seed }) => seed));
  if (!rows.some(({ row }) => row === baseline)) {
    throw new RangeError(`Cannot set out an ablation: there is no row ${baseline} to compare with`);
  }
  const odd = rows.find((row) => numbers(row) !== numbers(rows[0]));
  if (odd !== undefined) {
    throw new RangeError(
      `Cannot set out an ablation: the row ${odd.row} has other seeds than ${rows[0]?.row}`,
    );
  }
  const named = rows.map(({ row, seeds }) => ({ name: row, classes, seeds }));
  const { runs, pairs, clips, subjects } = compareRuns(named, { ...bootstrap, against: baseline });
  const differences = pairs.map(({ difference }) =>
    mapMeasures((measure): AblationDifference => {
      const { mean: only, overSeeds, overSubjects } = difference[measure];
      return { overSeeds: overSeeds ?? { n: 1, mean: only }, overSubjects };
    })
  );
  for (const measure of measures) adjust(differences, measure);
  return {
    baseline,
    seeds: runs[0]!.seeds,
    clips,
    subjects,
    wrongInAllRows: mean(
      rows[0]!.seeds.map((_, i) => wrongInAll(rows.map(({ seeds }) => seeds[i]!.predictions))),
    ),
    rows: rows.map(({ row, title }, i) => {
      const pair = pairs.findIndex(({ first }) => first === row);
      const paper = published.find((result) => result.row === row);
      return {
        row,
        title,
        scores: runs[i]!.scores,
        ...(paper === undefined ? {} : { paper }),
        ...(pair < 0 ? {} : { difference: differences[pair]!, wilcoxon: pairs[pair]!.wilcoxon }),
      };
    }),
  };
}

/** How many clips all lists have wrong. */
function wrongInAll(lists: readonly (readonly Prediction[])[]): number {
  const times = new Map<string, number>();
  for (const p of lists.flat()) {
    if (p.truth !== p.prediction) times.set(clipKey(p), (times.get(clipKey(p)) ?? 0) + 1);
  }
  return [...times.values()].filter((n) => n === lists.length).length;
}

const measures = ["uf1", "uar", "accuracy"] as const;

function mapMeasures<T>(make: (measure: ComparedMeasure) => T): Record<ComparedMeasure, T> {
  return { uf1: make("uf1"), uar: make("uar"), accuracy: make("accuracy") };
}

/** Adds Holm's adjustment over the rows that have a p-value. */
function adjust(differences: Record<ComparedMeasure, AblationDifference>[], measure: ComparedMeasure): void {
  const tested = differences.filter((of) => of[measure].overSeeds.pValue !== undefined);
  const adjusted = holm(tested.map((of) => of[measure].overSeeds.pValue!));
  tested.forEach((of, i) => of[measure] = { ...of[measure], holm: adjusted[i]! });
}
