import { type MeanInterval, meanInterval, type MeanIntervalOptions } from "./mean_interval.ts";
import type { Figures, Score } from "./score.ts";

/** The figures of a set of clips over several seeds. */
export interface FiguresOverSeeds {
  /** Clips; the same under every seed. */
  readonly n: number;
  /** Of the accuracy. */
  readonly accuracy: MeanInterval;
  /** Of the macro F1; the same numbers as `uf1`. */
  readonly macroF1: MeanInterval;
  /** Of the UF1. */
  readonly uf1: MeanInterval;
  /** Of the UAR. */
  readonly uar: MeanInterval;
}

/** The scores of one method over several seeds. */
export interface ScoresOverSeeds {
  /** How many seeds there are. */
  readonly seeds: number;
  /** All clips. */
  readonly full: FiguresOverSeeds;
  /** By database, in the order of {@linkcode score}. */
  readonly perDatabase: Readonly<Record<string, FiguresOverSeeds>>;
}

/**
 * Mean, standard deviation and confidence interval over seeds of every figure of a method's scores, in full and for each database, as
 * {@linkcode meanInterval} gives them.
 *
 * Such an interval tells how far the mean of so many trainings depends on which seeds they had. It says nothing of which subjects happened to be
 * recorded: that is {@linkcode bootstrapInterval}.
 *
 * @param scores One for each seed, of the same clips.
 * @throws {RangeError} If there are none, or they are not of the same databases with equally many clips.
 *
 * @example
 * ```ts
 * import { score, scoresOverSeeds } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const clip = (clip: string, truth: number, prediction: number) => ({ database: "samm", subject: "006", clip, truth, prediction });
 * const scores = [[0, 1], [0, 0]].map(([a, b]) => score([clip("a", 0, a!), clip("b", 1, b!)], 2));
 * const { full } = scoresOverSeeds(scores);
 * assertEquals([full.n, full.accuracy.mean, full.accuracy.n], [2, 0.75, 2]);
 * ```
 */
export function scoresOverSeeds(
  scores: readonly Score[],
  options: MeanIntervalOptions = {},
): ScoresOverSeeds {
  const [first] = scores;
  if (first === undefined) throw new RangeError("Cannot take scores over seeds: there are none");
  const clips = (score: Score) =>
    JSON.stringify(Object.entries(score.perDatabase).map(([name, { n }]) => [name, n]));
  if (scores.some((score) => clips(score) !== clips(first))) {
    throw new RangeError("Cannot take scores over seeds: they must be of the same clips");
  }
  return {
    seeds: scores.length,
    full: figuresOver(scores, options),
    perDatabase: Object.fromEntries(
      Object.keys(first.perDatabase).map((name) => [
        name,
        figuresOver(scores.map((score) => score.perDatabase[name]!), options),
      ]),
    ),
  };
}

function figuresOver(figures: readonly Figures[], options: MeanIntervalOptions): FiguresOverSeeds {
  const over = (name: "accuracy" | "uf1" | "uar") => meanInterval(figures.map((f) => f[name]), options);
  const uf1 = over("uf1");
  return { n: figures[0]!.n, accuracy: over("accuracy"), macroF1: uf1, uf1, uar: over("uar") };
}
