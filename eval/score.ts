import type { Prediction } from "../types.ts";
import { classScores, type Confusion, count, emptyConfusion, figures } from "./_counts.ts";
import { checkPredictions, classNames } from "./_check.ts";
import { compareNames } from "./_order.ts";

/** What the field reports of a set of predictions. All but `n` are in [0, 1]. */
export interface Figures {
  /** Clips. */
  readonly n: number;
  /** The fraction of clips whose class is right. */
  readonly accuracy: number;
  /** The mean over the classes of F1: what papers on single databases call macro F1. The same number as `uf1`. */
  readonly macroF1: number;
  /** Unweighted F1, the mean over the classes of F1 = 2TP / (2TP + FP + FN). */
  readonly uf1: number;
  /** Unweighted average recall, the mean over the classes of TP / (TP + FN). */
  readonly uar: number;
}

/** The counts and rates of a class. */
export interface ClassScore {
  /** The class's name. */
  readonly name: string;
  /** Clips of the class that were given it. */
  readonly tp: number;
  /** Clips of other classes that were given it. */
  readonly fp: number;
  /** Clips of the class that were given another. */
  readonly fn: number;
  /** Clips of the class: tp + fn. */
  readonly support: number;
  /** tp / (tp + fp). */
  readonly precision: number;
  /** tp / (tp + fn). */
  readonly recall: number;
  /** 2 tp / (2 tp + fp + fn). */
  readonly f1: number;
}

/** The figures of a set of clips with the counts that they come from. */
export interface PartScore extends Figures {
  /** `confusion[truth][prediction]` clips. */
  readonly confusion: readonly (readonly number[])[];
  /** One entry for each class of the task, in the task's order. */
  readonly perClass: readonly ClassScore[];
}

/** The figures of all clips, and of each database's. */
export interface Score extends PartScore {
  /** By database, in the order of their names: the same predictions restricted to it. */
  readonly perDatabase: Readonly<Record<string, PartScore>>;
}

/**
 * Scores predictions pooled over all folds.
 *
 * TP, FP and FN of every class are added up over all predictions, then F1 and recall are taken for each class, then their
 * means over all classes of the task; 0/0 counts 0 throughout, so a class that neither occurs nor is predicted
 * lowers the mean. This is the definition of MEGC2019 (See et al., 2019). Averaging the UF1 of folds instead is wrong: many
 * subjects show one class only, and even a perfect predictor would then score well below 1.
 *
 * @param predictions One prediction for each clip, in any order.
 * @param classes The task's class names, or how many classes there are (then they are named "0", "1", ...).
 * @throws {RangeError} If there are no predictions or classes, a clip occurs twice, or a class is out of range.
 *
 * @example
 * ```ts
 * import { score } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const clip = (clip: string, truth: number, prediction: number) => ({
 *   database: "casme2", subject: "sub01", clip, truth, prediction,
 * });
 * const { accuracy, uf1, uar } = score([clip("a", 0, 0), clip("b", 1, 1), clip("c", 1, 0)], ["negative", "positive"]);
 * assertEquals({ accuracy, uf1, uar }, { accuracy: 2 / 3, uf1: 2 / 3, uar: 3 / 4 });
 * ```
 */
export function score(predictions: readonly Prediction[], classes: readonly string[] | number): Score {
  const names = classNames("score predictions", classes);
  checkPredictions("score predictions", predictions, names.length);
  const full = emptyConfusion(names.length);
  const byDatabase = new Map<string, Confusion>();
  for (const { database, truth, prediction } of predictions) {
    const part = byDatabase.get(database) ?? emptyConfusion(names.length);
    byDatabase.set(database, part);
    count(full, truth, prediction);
    count(part, truth, prediction);
  }
  const parts = [...byDatabase].sort(([a], [b]) => compareNames(a, b));
  return {
    ...partScore(full, names),
    perDatabase: Object.fromEntries(parts.map(([database, part]) => [database, partScore(part, names)])),
  };
}

function partScore(confusion: Confusion, names: readonly string[]): PartScore {
  const perClass = classScores(confusion, names);
  return { ...figures(confusion, perClass), confusion, perClass };
}
