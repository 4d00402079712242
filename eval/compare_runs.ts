import { type Prediction, UserError } from "../types.ts";
import { alignClips } from "./_same_clips.ts";
import { checkPredictions, classNames } from "./_check.ts";
import { mean } from "./_counts.ts";
import { pairSeeds } from "./_pair_seeds.ts";
import { subjectBootstrap } from "./_subject_bootstrap.ts";
import type { BootstrapOptions, Interval } from "./bootstrap_interval.ts";
import { combineSeeds } from "./combine_seeds.ts";
import { holm } from "./holm.ts";
import { type McNemar, mcnemar } from "./mcnemar.ts";
import { type PairedDifference, pairedDifference } from "./paired_difference.ts";
import { score } from "./score.ts";
import { type ScoresOverSeeds, scoresOverSeeds } from "./scores_over_seeds.ts";
import { type WilcoxonSignedRank, wilcoxonSignedRank } from "./wilcoxon_signed_rank.ts";

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

const measures = ["uf1", "uar", "accuracy"] as const;

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
  const positions: number[][] = []; // of each run's lists among all
  lists.reduce((start, own, r) => {
    positions[r] = own.map((_, i) => start + i);
    return start + own.length;
  }, 0);
  const meanOf = (of: readonly number[], name: ComparedMeasure, draw: number) =>
    mean(of.map((l) => drawn[l]![draw]![name]));
  const draws = drawn[0]!.map((_, draw) => draw);
  const scores = lists.map((own) => own.map((predictions) => score(predictions, names)));
  const compared = runs.map(({ name, seeds }, r): ComparedRun => ({
    name,
    seeds: seeds.map(({ seed }) => seed),
    scores: scoresOverSeeds(scores[r]!),
    overSubjects: byMeasure((of) => interval(draws.map((draw) => meanOf(positions[r]!, of, draw)))),
    leftOut: leftOut[r]!,
  }));
  const pairs = pairsOf(runs.map(({ name }) => name), against).map(([a, b]) => {
    const { pairing, pairs } = pairSeeds(compared[a]!, compared[b]!);
    const side = (s: 0 | 1) => [...new Set(pairs.map((pair) => pair[s]))];
    const [firsts, seconds] = [side(0), side(1)];
    const at = (r: number, chosen: readonly number[]) => chosen.map((i) => positions[r]![i]!);
    return {
      first: compared[a]!.name,
      second: compared[b]!.name,
      pairing,
      bySeed: pairs.map(([i, j]) => ({
        ...seedOf("first", compared[a]!.seeds[i]),
        ...seedOf("second", compared[b]!.seeds[j]),
        ...rightAndWrong(lists[a]![i]!, lists[b]![j]!),
      })),
      wilcoxon: wilcoxonSignedRank(
        subjectDifferences(firsts.map((i) => lists[a]![i]!), seconds.map((j) => lists[b]![j]!)),
      ),
      difference: byMeasure((of): ScoreDifference => {
        const values = (r: number, s: 0 | 1) => pairs.map((pair) => scores[r]![pair[s]]![of]);
        const [first, second] = [values(a, 0), values(b, 1)];
        const overSubjects = interval(
          draws.map((draw) => meanOf(at(a, firsts), of, draw) - meanOf(at(b, seconds), of, draw)),
        );
        const overSeeds = pairing === "same seeds" && pairs.length > 1
          ? { overSeeds: pairedDifference(first, second) }
          : {};
        return { mean: mean(first) - mean(second), overSubjects, ...overSeeds };
      }),
    };
  });
  const combined = pairs.map(({ bySeed }) => combineSeeds(bySeed.map(({ mcnemar }) => mcnemar.pValue)));
  const adjusted = holm(combined), overSubjects = holm(pairs.map(({ wilcoxon }) => wilcoxon.pValue));
  return {
    classes: names,
    clips: lists[0]![0]!.length,
    subjects,
    resamples: draws.length,
    runs: compared,
    pairs: pairs.map((pair, i) => ({
      ...pair,
      mcnemar: { pValue: combined[i]!, holm: adjusted[i]! },
      wilcoxon: { ...pair.wilcoxon, holm: overSubjects[i]! },
    })),
  };
}

/** Positions of the runs to compare: every pair in order, or each with the one that is named. */
function pairsOf(names: readonly string[], against: string | undefined): [first: number, second: number][] {
  if (against === undefined) {
    return names.flatMap((_, a) => names.slice(a + 1).map((_, i): [number, number] => [a, a + 1 + i]));
  }
  const second = names.indexOf(against);
  if (second < 0) throw new RangeError(`Cannot compare runs with ${against}: no run has this name`);
  return names.flatMap((_, first): [number, number][] => first === second ? [] : [[first, second]]);
}

/** The classes that all runs have; names known to some hold for all. */
function sharedClasses(runs: readonly RunToCompare[]): readonly string[] {
  const known = runs.filter(({ classes }) => typeof classes !== "number");
  const names = classNames("compare runs", known[0]?.classes ?? runs[0]!.classes);
  const show = ({ name, classes }: RunToCompare) =>
    `${name} has ${typeof classes === "number" ? `${classes} classes` : classes.join(", ")}`;
  for (const run of runs) {
    const same = typeof run.classes === "number"
      ? run.classes === names.length
      : run.classes.join("\n") === names.join("\n");
    if (same) continue;
    throw new UserError(
      `Cannot compare ${runs.map(({ name }) => name).join(", ")}: they have different classes: ${
        show(known[0] ?? runs[0]!)
      }; ${show(run)}; compare runs of one task.`,
    );
  }
  return names;
}

function byMeasure<T>(make: (measure: ComparedMeasure) => T): Record<ComparedMeasure, T> {
  return { uf1: make(measures[0]), uar: make(measures[1]), accuracy: make(measures[2]) };
}

function seedOf<K extends string>(key: K, seed: number | undefined): { [_ in K]?: number } {
  return (seed === undefined ? {} : { [key]: seed }) as { [_ in K]?: number };
}

/** Both lists are of the same clips in the same order. */
function rightAndWrong(
  first: readonly Prediction[],
  second: readonly Prediction[],
): Pick<SeedComparison, "bothRight" | "bothWrong" | "mcnemar"> {
  const counts = [0, 0, 0, 0]; // neither, the first, the second, both
  first.forEach((p, i) => counts[Number(right(p)) + 2 * Number(right(second[i]!))]!++);
  const [bothWrong = 0, onlyFirst = 0, onlySecond = 0, bothRight = 0] = counts;
  return { bothRight, bothWrong, mcnemar: mcnemar(onlyFirst, onlySecond) };
}

/** For each subject the difference of its mean accuracies, by one division, so that equal differences are equal numbers. */
function subjectDifferences(
  first: readonly (readonly Prediction[])[],
  second: readonly (readonly Prediction[])[],
): number[] {
  const counts = new Map<string, { clips: number; first: number; second: number }>();
  const add = (lists: readonly (readonly Prediction[])[], side: "first" | "second") => {
    for (const p of lists.flat()) {
      const key = JSON.stringify([p.database, p.subject]);
      const count = counts.get(key) ?? { clips: 0, first: 0, second: 0 };
      counts.set(key, count);
      count[side] += Number(right(p));
      if (side === "first") count.clips++;
    }
  };
  add(first, "first");
  add(second, "second");
  const [n, m] = [first.length, second.length];
  return [...counts.values()].map((c) => (c.first * m - c.second * n) / (c.clips * m)); // c.clips counts each of n lists
}

function right({ truth, prediction }: Prediction): boolean {
  return truth === prediction;
}
