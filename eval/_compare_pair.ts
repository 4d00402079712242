import type { Prediction } from "../types.ts";
import { mean } from "./_counts.ts";
import { pairSeeds } from "./_pair_seeds.ts";
import type { Interval } from "./bootstrap_interval.ts";
import { combineSeeds } from "./combine_seeds.ts";
import type { ComparedMeasure, PairComparison, ScoreDifference, SeedComparison } from "./compare_runs.ts";
import { mcnemar } from "./mcnemar.ts";
import { pairedDifference } from "./paired_difference.ts";
import type { Figures, Score } from "./score.ts";
import { type WilcoxonSignedRank, wilcoxonSignedRank } from "./wilcoxon_signed_rank.ts";

/** A run's predictions under one seed, with what they score. */
export interface AlignedSeed {
  readonly seed: number | undefined;
  /** Of the same clips in the same order as all others'. */
  readonly predictions: readonly Prediction[];
  readonly score: Score;
  /** The figures under each draw of subjects, which all share. */
  readonly drawn: readonly Figures[];
}

/** A run over the clips that are compared. */
export interface AlignedRun {
  readonly name: string;
  readonly seeds: readonly AlignedSeed[];
}

/** Two runs against each other, before p-values are adjusted. */
export function comparePair(
  first: AlignedRun,
  second: AlignedRun,
  interval: (values: readonly number[]) => Interval,
): Omit<PairComparison, "mcnemar" | "wilcoxon"> & {
  readonly mcnemar: { readonly pValue: number };
  readonly wilcoxon: WilcoxonSignedRank;
} {
  const numbers = ({ name, seeds }: AlignedRun) => ({ name, seeds: seeds.map(({ seed }) => seed) });
  const { pairing, pairs: positions } = pairSeeds(numbers(first), numbers(second));
  const pairs = positions.map(([i, j]) => [first.seeds[i]!, second.seeds[j]!] as const);
  // A single list is in every pair, but one list all the same.
  const [firsts, seconds] = [[...new Set(pairs.map(([a]) => a))], [...new Set(pairs.map(([, b]) => b))]];
  const bySeed = pairs.map(([a, b]): SeedComparison => ({
    ...a.seed === undefined ? {} : { first: a.seed },
    ...b.seed === undefined ? {} : { second: b.seed },
    ...rightAndWrong(a.predictions, b.predictions),
  }));
  return {
    first: first.name,
    second: second.name,
    pairing,
    bySeed,
    mcnemar: { pValue: combineSeeds(bySeed.map(({ mcnemar }) => mcnemar.pValue)) },
    wilcoxon: wilcoxonSignedRank(subjectDifferences(firsts, seconds)),
    difference: byMeasure((measure): ScoreDifference => {
      const [a, b] = [pairs.map(([a]) => a.score[measure]), pairs.map(([, b]) => b.score[measure])];
      const theirs = meanDraws(seconds, measure);
      const differences = meanDraws(firsts, measure).map((value, draw) => value - theirs[draw]!);
      const paired = pairing === "same seeds" && pairs.length > 1;
      return {
        mean: mean(a) - mean(b),
        overSubjects: interval(differences),
        ...paired ? { overSeeds: pairedDifference(a, b) } : {},
      };
    }),
  };
}

/** A value for each of the figures that runs are compared by. */
export function byMeasure<T>(make: (measure: ComparedMeasure) => T): Record<ComparedMeasure, T> {
  return { uf1: make("uf1"), uar: make("uar"), accuracy: make("accuracy") };
}

/** A figure under each draw of subjects, mean over the seeds. */
export function meanDraws(seeds: readonly AlignedSeed[], measure: ComparedMeasure): number[] {
  return seeds[0]!.drawn.map((_, draw) => mean(seeds.map(({ drawn }) => drawn[draw]![measure])));
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
  first: readonly AlignedSeed[],
  second: readonly AlignedSeed[],
): number[] {
  const counts = new Map<string, { clips: number; first: number; second: number }>();
  const add = (seeds: readonly AlignedSeed[], side: "first" | "second") => {
    for (const p of seeds.flatMap(({ predictions }) => predictions)) {
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
