import { type Figures, leaveSubjectsOut, score } from "../eval/mod.ts";
import type { ClipIdentity, Fold, Prediction } from "../types.ts";
import type { InnerValue } from "./inner_settings.ts";
import type { Pipeline } from "./schema.ts";

/** How the settings of a fold were chosen: selection.json in its folder. */
export interface Selection {
  /** What the best setting is best in. */
  readonly criterion: "uf1" | "uar" | "accuracy";
  /** The inner splits: whom each held out. */
  readonly splits: readonly InnerSplit[];
  /** Every setting that was tried, in the order of the pipeline. */
  readonly settings: readonly TriedSetting[];
  /** Position of the chosen one: the first of the best. */
  readonly chosen: number;
}

/** An inner split. */
export interface InnerSplit {
  /** `1`, `2`, ... */
  readonly name: string;
  /** The subjects that it holds out, as `database/subject`. */
  readonly heldOut: readonly string[];
}

/** A setting and what it came to. */
export interface TriedSetting {
  /** Its changes in words. */
  readonly name: string;
  /** Its changes by path. */
  readonly changes: Readonly<Record<string, InnerValue>>;
  /** What the choice went by: the criterion's mean over the rows. */
  readonly value: number;
  /** For each row, the figures pooled over the inner predictions. */
  readonly rows: Readonly<Record<string, Pick<Figures, "n" | "uf1" | "uar" | "accuracy">>>;
  /** For each row the inner predictions: position in the plan's `micro`, the class that the training part has, the predicted class. */
  readonly predictions: Readonly<
    Record<string, readonly (readonly [clip: number, truth: number, prediction: number])[]>
  >;
}

/**
 * The inner splits of a fold: leave k subjects out of its training clips. Positions are those of `micro`.
 *
 * @param clips Positions of the fold's training clips.
 */
export function innerSplits(
  pipeline: Pipeline,
  micro: readonly ClipIdentity[],
  clips: readonly number[],
): Fold[] {
  const { splits, subjectsOut, seed = 1 } = pipeline.inner ?? {};
  const folds = leaveSubjectsOut(clips.map((i) => micro[i] as ClipIdentity), {
    ...(subjectsOut === undefined ? { groups: splits ?? 4 } : { subjectsOut }),
    seed,
    identities: pipeline.identities ?? [],
  });
  const back = (positions: readonly number[]) => positions.map((p) => clips[p] as number);
  return folds.map((fold) => ({ ...fold, train: back(fold.train), test: back(fold.test) }));
}

/** Scores a setting by its inner predictions, pooled for each row. */
export function scoreSetting(
  predictions: Readonly<Record<string, readonly Prediction[]>>,
  classes: readonly string[],
  criterion: Selection["criterion"],
): Pick<TriedSetting, "value" | "rows"> {
  const rows = Object.fromEntries(
    Object.entries(predictions).map(([row, of]) => {
      const { n, uf1, uar, accuracy } = score(of, classes);
      return [row, { n, uf1, uar, accuracy }];
    }),
  );
  const values = Object.values(rows).map((figures) => figures[criterion]);
  return { rows, value: values.reduce((a, b) => a + b, 0) / values.length };
}

/** The first of the settings with the highest value. */
export function chooseSetting(settings: readonly Pick<TriedSetting, "value">[]): number {
  return settings.reduce(
    (best, { value }, i) => value > (settings[best] as TriedSetting).value ? i : best,
    0,
  );
}
