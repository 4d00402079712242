import type { Prediction } from "../types.ts";
import { checkPredictions } from "./_check.ts";
import { type AlignedRun, byMeasure, comparePair, meanDraws } from "./_compare_pair.ts";
import { alignClips } from "./_same_clips.ts";
import { sharedClasses } from "./_shared_classes.ts";
import { subjectBootstrap } from "./_subject_bootstrap.ts";
import type { BootstrapOptions, Interval } from "./bootstrap_interval.ts";
import { holm } from "./holm.ts";
import type { McNemar } from "./mcnemar.ts";
import type { PairedDifference } from "./paired_difference.ts";
import { score } from "./score.ts";
import { type ScoresOverSeeds, scoresOverSeeds } from "./scores_over_seeds.ts";
import type { WilcoxonSignedRank } from "./wilcoxon_signed_rank.ts";

/** A method's predictions, for {@linkcode compareRuns}. */
export interface RunToCompare {
  /** Its name in tables and messages; no two are the same. */
  readonly name: string;
  /** The class names, or how many classes there are where their names are not known. */
  readonly classes: readonly string[] | number;
  /** Its predictions under each seed; a log or file is one without a number. */
  readonly seeds: readonly { readonly seed?: number; readonly predictions: readonly Prediction[] }[];
}

/** Options of {@linkcode compareRuns}. */
export interface CompareRunsOptions extends BootstrapOptions {
  /**
   * Compare over the clips that all have, where they are not the same, instead of refusing.
   *
   * @default {false}
   */
  common?: boolean;
  /**
   * The name of a run that the others are compared with, each - this one, instead of every pair.
   *
   * @default {undefined} every pair
   */
  against?: string;
}

/** The figures that runs are compared by. */
export type ComparedMeasure = "uf1" | "uar" | "accuracy";

/** A run among those compared. */
export interface ComparedRun {
  /** Its name. */
  readonly name: string;
  /** Its seeds, where they have numbers. */
  readonly seeds: readonly (number | undefined)[];
  /** Mean, deviation and interval over its seeds. */
  readonly scores: ScoresOverSeeds;
  /** 95 % intervals over subjects of its mean scores. */
  readonly overSubjects: Readonly<Record<ComparedMeasure, Interval>>;
  /** Clips that were left out because others lack them. */
  readonly leftOut: readonly string[];
}

/** Two runs under one pair of seeds: which clips they got right. */
export interface SeedComparison {
  /** The first run's seed, where it has a number. */
  readonly first?: number;
  /** The second run's seed. */
  readonly second?: number;
  /** Clips that both got right. */
  readonly bothRight: number;
  /** Clips that neither got right. */
  readonly bothWrong: number;
  /** McNemar's test on the others. */
  readonly mcnemar: McNemar;
}

/** A difference of two runs' scores, first - second. */
export interface ScoreDifference {
  /** The mean over the pairs of seeds. */
  readonly mean: number;
  /** Its 95 % interval over subjects. */
  readonly overSubjects: Interval;
  /** Over the seeds that both have, two or more: interval and paired t-test. */
  readonly overSeeds?: PairedDifference;
}

/**
 * How the seeds of two runs were paired: `single` list with single list, by equal number, a single list with each of the other, or in their
 * order.
 */
export type SeedPairing = "single" | "same seeds" | "one against each" | "in order";

/** Two runs against each other. */
export interface PairComparison {
  /** The first run's name. */
  readonly first: string;
  /** The second run's name. */
  readonly second: string;
  /** How their seeds were paired. */
  readonly pairing: SeedPairing;
  /** Each pair of seeds by itself. */
  readonly bySeed: readonly SeedComparison[];
  /** McNemar's test: one p-value from those of the seeds, as {@linkcode combineSeeds} makes it, and adjusted over all pairs of runs. */
  readonly mcnemar: { readonly pValue: number; readonly holm: number };
  /** Wilcoxon's test over subjects, each subject's accuracy averaged over the seeds first; `holm` adjusted over all pairs of runs. */
  readonly wilcoxon: WilcoxonSignedRank & { readonly holm: number };
  /** The scores' differences. */
  readonly difference: Readonly<Record<ComparedMeasure, ScoreDifference>>;
}

/** What {@linkcode compareRuns} finds. */
export interface RunsComparison {
  /** The class names, "0", "1", ... where nobody knows them. */
  readonly classes: readonly string[];
  /** Clips compared over. */
  readonly clips: number;
  /** Subjects compared over. */
  readonly subjects: number;
  /** Draws behind the intervals over subjects. */
  readonly resamples: number;
  /** The runs, in the order given. */
  readonly runs: readonly ComparedRun[];
  /** Every pair of runs, in the order given. */
  readonly pairs: readonly PairComparison[];
}

/**
 * Compares methods by their predictions for the same clips: scores with intervals over seeds and over subjects; for each pair McNemar's test on the pooled
 * predictions, Wilcoxon's signed-rank test over subjects, effect sizes, and p-values adjusted for the number of pairs (Holm, for each of the two tests by itself).
 *
 * Seeds are never pooled as if they were more clips: McNemar's test is made for each pair of seeds and its p-values combined by
 * {@linkcode combineSeeds}; Wilcoxon's takes each subject's mean accuracy over the seeds. Seeds of equal number are paired with each other; a
 * single list is set against each seed of the other; else they are paired in order.
 *
 * @param runs At least two.
 * @throws {UserError} If they are over different clips, classes or true labels (each difference is named), or their seeds cannot be paired.
 * @throws {RangeError} If predictions are not as {@linkcode score} wants them, or there are fewer than two runs.
 *
 * @example
 * ```ts
 * import { compareRuns } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const clips = Array.from({ length: 8 }, (_, i) => ({ database: "smic", subject: `s${i}`, clip: "a", truth: i % 2 }));
 * const right = clips.map((clip) => ({ ...clip, prediction: clip.truth }));
 * const half = clips.map((clip) => ({ ...clip, prediction: 0 }));
 * const { pairs: [pair] } = compareRuns([
 *   { name: "right", classes: 2, seeds: [{ predictions: right }] },
 *   { name: "half", classes: 2, seeds: [{ predictions: half }] },
 * ]);
 * assertEquals(pair?.difference.accuracy.mean, 0.5);
 * assertEquals(pair?.mcnemar.pValue, 2 / 2 ** 4); // four clips, all for the first
 * ```
 */
export function compareRuns(
  runs: readonly RunToCompare[],
  options: CompareRunsOptions = {},
): RunsComparison {
  const { common = false, against, ...bootstrap } = options;
  if (runs.length < 2) {
    throw new RangeError(`Cannot compare runs: there must be at least two, current number is ${runs.length}`);
  }
  const names = sharedClasses(runs);
  for (const { seeds } of runs) {
    for (const { predictions } of seeds) checkPredictions("compare runs", predictions, names.length);
  }
  const { lists, leftOut } = alignClips(
    runs.map(({ name, seeds }) => ({ name, lists: seeds.map(({ predictions }) => predictions) })),
    common,
  );
  const { drawn, subjects, interval } = subjectBootstrap(lists.flat(), names.length, bootstrap);
  const figures = drawn.values(); // of the lists in their order
  const aligned = runs.map(({ name, seeds }, r): AlignedRun => ({
    name,
    seeds: seeds.map(({ seed }, i) => {
      const predictions = lists[r]![i]!;
      return { seed, predictions, score: score(predictions, names), drawn: figures.next().value! };
    }),
  }));
  const pairs = pairsOf(aligned, against).map(([first, second]) => comparePair(first, second, interval));
  const mcnemarHolm = holm(pairs.map(({ mcnemar }) => mcnemar.pValue));
  const wilcoxonHolm = holm(pairs.map(({ wilcoxon }) => wilcoxon.pValue));
  return {
    classes: names,
    clips: lists[0]![0]!.length,
    subjects,
    resamples: drawn[0]!.length,
    runs: aligned.map(({ name, seeds }, r) => ({
      name,
      seeds: seeds.map(({ seed }) => seed),
      scores: scoresOverSeeds(seeds.map(({ score }) => score)),
      overSubjects: byMeasure((measure) => interval(meanDraws(seeds, measure))),
      leftOut: leftOut[r]!,
    })),
    pairs: pairs.map((pair, i) => ({
      ...pair,
      mcnemar: { ...pair.mcnemar, holm: mcnemarHolm[i]! },
      wilcoxon: { ...pair.wilcoxon, holm: wilcoxonHolm[i]! },
    })),
  };
}

/** The runs to compare: every pair in order, or each with the one that is named. */
function pairsOf(
  runs: readonly AlignedRun[],
  against: string | undefined,
): (readonly [first: AlignedRun, second: AlignedRun])[] {
  if (against === undefined) {
    return runs.flatMap((first, i) => runs.slice(i + 1).map((second) => [first, second] as const));
  }
  const second = runs.find(({ name }) => name === against);
  if (second === undefined) throw new RangeError(`Cannot compare runs with ${against}: no run has this name`);
  return runs.filter((run) => run !== second).map((first) => [first, second] as const);
}
