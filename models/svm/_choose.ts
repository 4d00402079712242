import { gram } from "./_gram.ts";
import { KernelRows } from "./_kernel.ts";
import { learnScaling, scaled, variance } from "./_scaling.ts";
import { subjectSplits } from "./_subject_splits.ts";
import type { Matrix } from "./matrix.ts";
import type { SvmSettings } from "./svm_settings.ts";
import { decide, solvePairs, unfinished, vote } from "./train_svm.ts";

/** A point of the grid, with its score where one could be had. */
export interface Candidate {
  readonly C: number;
  /** In parts of 1 / (columns x variance); 1 for linear. */
  readonly gamma: number;
  readonly score?: number;
  /** Pairs of classes, over all groups that were left out, whose training came to its limit of steps. */
  readonly unfinished?: number;
}

/** The grid in its order: for each gamma every C, both ascending, so that of equal ones the first is the smoothest. */
export function candidates({ kernel, C, gamma }: SvmSettings): Candidate[] {
  const ascending = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);
  return (kernel === "rbf" ? ascending(gamma) : [1]).flatMap((g) =>
    ascending(C).map((c) => ({ C: c, gamma: g }))
  );
}

/** N / (L n_c) for each class among the rows; 1 for a class without any. */
export function weightsOf(
  settings: SvmSettings,
  labels: readonly number[],
  among: readonly number[],
): number[] {
  const counts = new Array<number>(Math.max(...labels) + 1).fill(0);
  for (const i of among) counts[labels[i]!]!++;
  const present = counts.filter((n) => n > 0).length;
  return counts.map((n) => settings.classWeights === "none" || n === 0 ? 1 : among.length / (present * n));
}

/** gamma itself. */
export function absoluteGamma(relative: number, data: Matrix, among: readonly number[]): number {
  return relative / (data.columns * Math.max(variance(data, among), 1e-12));
}

/**
 * Scores every candidate by leaving groups of subjects out of these clips. All that is learned from data, scaling too, is learned anew without the group
 * that is left out.
 */
export function scoreCandidates(
  data: Matrix,
  labels: readonly number[],
  clips: Parameters<typeof subjectSplits>[0],
  seed: number,
  settings: SvmSettings,
): Candidate[] {
  const grid = candidates(settings);
  const { groups, count } = subjectSplits(clips, settings.splits, seed);
  if (count < 2 || grid.length < 2) return grid;
  const guesses = grid.map(() => new Int32Array(labels.length)), left = grid.map(() => 0);
  const all = labels.map((_, i) => i);
  for (let group = 0; group < count; group++) {
    const train = all.filter((i) => groups[i] !== group), test = all.filter((i) => groups[i] === group);
    const inner = scaled(data, learnScaling(data, settings.scaling, train));
    const dots = gram(inner), classWeights = weightsOf(settings, labels, train);
    const rows = new Map<number, KernelRows>();
    grid.forEach(({ C, gamma }, g) => {
      const kernel = rows.get(gamma) ??
        new KernelRows(
          settings.kernel === "linear"
            ? { kind: "linear" }
            : { kind: "rbf", gamma: absoluteGamma(gamma, inner, train) },
          dots,
          labels.length,
        );
      rows.set(gamma, kernel);
      const solved = solvePairs(kernel, labels, { C, classWeights, among: train });
      left[g]! += unfinished(solved);
      const decisions = new Float64Array(solved.rho.length), values = new Float64Array(solved.support.length);
      for (const i of test) {
        const row = kernel.row(i);
        solved.support.forEach((j, t) => values[t] = row[j]!);
        decide(solved, values, decisions);
        guesses[g]![i] = vote(solved.classes, decisions);
      }
    });
  }
  return grid.map((candidate, g) => ({
    ...candidate,
    score: scoreOf(guesses[g]!, labels, settings.by),
    unfinished: left[g]!,
  }));
}

/** The best candidate, of equal ones the first; without scores the middle one of the grid. */
export function bestCandidate(scores: readonly Candidate[]): Candidate {
  if (scores.some(({ score }) => score === undefined)) return scores[(scores.length - 1) >> 1]!;
  return scores.reduce((best, next) => next.score! > best.score! ? next : best);
}

/** Accuracy, or the mean of F1 over the classes that are there: 2 TP / (2 TP + FP + FN). */
function scoreOf(guesses: Int32Array, labels: readonly number[], by: SvmSettings["by"]): number {
  const right = (c?: number) =>
    labels.filter((label, i) => label === guesses[i] && (c === undefined || label === c)).length;
  if (by === "accuracy") return right() / labels.length;
  const classes = [...new Set(labels)];
  const f1 = classes.map((c) => {
    const said = guesses.filter((guess) => guess === c).length;
    const there = labels.filter((label) => label === c).length;
    return 2 * right(c) / (said + there);
  });
  return f1.reduce((a, b) => a + b, 0) / classes.length;
}
