import * as tf from "@tensorflow/tfjs";
import type { Random } from "../../engine/mod.ts";
import { saveParams } from "../../models/mod.ts";
import type { Fold, Params, Prediction } from "../../types.ts";
import type { History } from "../history.ts";
import { type Insight, writeInsights } from "../insight.ts";
import type { Plan, PlanClip } from "../plan.ts";
import { foldFolder, type FoldResult, insightFile } from "../run_folder.ts";
import { writeWhole } from "../write_whole.ts";

/** The classes that a fold trains on: the truth, or, as a check of honesty, the truth shuffled among the training clips. */
export function trainingClasses(plan: Plan, fold: Fold, random: Random): number[] {
  const truth = fold.train.map((i) => (plan.micro[i] as PlanClip).classIndex);
  return plan.pipeline.shuffleLabels ? random.fork("shuffle").shuffle(truth) : truth;
}

/** N / (L n_c) for each class c with clips, from the training clips alone; undefined where the pipeline wants none. */
export function classWeights(plan: Plan, classes: readonly number[]): number[] | undefined {
  if (plan.pipeline.losses.classWeights === "none") return undefined;
  const counts = plan.classes.map((_, c) => classes.filter((k) => k === c).length);
  return counts.map((n) => n === 0 ? 0 : classes.length / (plan.classes.length * n));
}

/** Logits (n, L) to predictions: softmax, and the first of the largest. */
export function toPredictions(clips: readonly PlanClip[], logits: tf.Tensor2D): Prediction[] {
  const rows = tf.tidy(() => tf.softmax(logits).arraySync() as number[][]);
  return clips.map(({ database, subject, clip, classIndex }, i) => {
    const probabilities = rows[i] as number[];
    return {
      database,
      subject,
      clip,
      truth: classIndex,
      prediction: probabilities.indexOf(Math.max(...probabilities)),
      probabilities,
    };
  });
}

/** What a fold leaves for one row. */
export interface RowResult {
  readonly predictions: readonly Prediction[];
  readonly history: History;
  /** What the report shows of each prediction's clip, in their order. */
  readonly insights: readonly Insight[];
  /** The trained network, where it is kept. */
  readonly params?: Params;
}

/** Writes a fold's folder aside and renames it: it is there whole or not at all. */
export async function writeFold(
  run: string,
  seed: number,
  fold: Fold,
  rows: ReadonlyMap<string, RowResult>,
): Promise<void> {
  const folder = foldFolder(run, seed, fold.name);
  const aside = `${folder}.partial`;
  await Deno.remove(aside, { recursive: true }).catch(() => {}); // left by a process that was killed
  const result: FoldResult = {
    fold: fold.name,
    rows: Object.fromEntries([...rows].map(([name, row]) => [name, row.predictions])),
  };
  for (const [name, row] of rows) {
    await writeWhole(`${aside}/history-${name}.csv`, row.history.toCsv());
    await writeWhole(insightFile(aside, name), writeInsights(row.insights));
    if (row.params) await writeWhole(`${aside}/minet-${name}.safetensors`, await saveParams(row.params));
  }
  await writeWhole(`${aside}/predictions.json`, JSON.stringify(result));
  await Deno.remove(folder, { recursive: true }).catch(() => {}); // not complete, or this fold would not have been trained
  await Deno.rename(aside, folder);
}
