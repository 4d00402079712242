import type { ClassScore, Figures } from "./score.ts";

/** Counts of (truth, prediction): L rows of L. */
export type Confusion = number[][];

/** A confusion matrix of zeros. */
export function emptyConfusion(classes: number): Confusion {
  return Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
}

/** Adds one clip. Both classes must be in range. */
export function count(confusion: Confusion, truth: number, prediction: number): void {
  confusion[truth]![prediction]!++;
}

/** The counts and rates of each class, 0/0 counting 0. */
export function classScores(confusion: Confusion, names: readonly string[]): ClassScore[] {
  return confusion.map((row, k) => {
    const tp = row[k]!;
    const support = sum(row);
    const fp = sum(confusion.map((row) => row[k]!)) - tp;
    return {
      name: names[k]!,
      tp,
      fp,
      fn: support - tp,
      support,
      precision: ratio(tp, tp + fp),
      recall: ratio(tp, support),
      f1: ratio(2 * tp, support + tp + fp), // 2TP / (2TP + FP + FN)
    };
  });
}

/** The figures of a table: means over all its classes. */
export function figures(confusion: Confusion, perClass: readonly ClassScore[]): Figures {
  const n = sum(confusion.map(sum));
  const f1 = mean(perClass.map((c) => c.f1));
  return {
    n,
    accuracy: ratio(sum(perClass.map((c) => c.tp)), n),
    macroF1: f1,
    uf1: f1,
    uar: mean(perClass.map((c) => c.recall)),
  };
}

/** The figures alone, for the thousands of tables of a permutation or a bootstrap. */
export function figuresOf(confusion: Confusion): Figures {
  return figures(confusion, classScores(confusion, confusion.map((_, k) => String(k))));
}

/** The sum of numbers. */
export function sum(x: readonly number[]): number {
  let total = 0;
  for (const value of x) total += value;
  return total;
}

/** The mean of at least one number. */
export function mean(x: readonly number[]): number {
  return sum(x) / x.length;
}

function ratio(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}
