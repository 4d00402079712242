import * as tf from "@tensorflow/tfjs";
import type { Random } from "../../engine/mod.ts";
import { mostLikely, saveParams } from "../../models/mod.ts";
import type { Fold, Prediction } from "../../types.ts";
import { writeInsights } from "../insight.ts";
import type { PeekedRow } from "../peek.ts";
import type { Plan, PlanClip } from "../plan.ts";
import {
  foldFolder,
  type FoldResult,
  insightFile,
  networkFile,
  peekedFile,
  recordFile,
  selectionFile,
  timingFile,
  trainedFile,
} from "../run_folder.ts";
import type { Selection } from "../selection.ts";
import { sha256 } from "../../sha256.ts";
import type { TrainingRecord } from "../training_record.ts";
import { storageError, writeWhole } from "../write_whole.ts";
import type { RowResult } from "./training_task.ts";

/** The classes that a fold trains on: the truth, or, as a check of honesty, the truth shuffled among the training clips. */
export function trainingClasses(plan: Plan, clips: readonly number[], random: Random): number[] {
  const truth = clips.map((i) => (plan.micro[i] as PlanClip).classIndex);
  return plan.pipeline.shuffleLabels ? random.fork("shuffle").shuffle(truth) : truth;
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
      prediction: mostLikely(probabilities),
      probabilities,
    };
  });
}

/** What a fold leaves beside its rows. */
export interface FoldExtras {
  /** What its training saw. */
  readonly record: TrainingRecord;
  /** How long it took. */
  readonly seconds: number;
  /** The epochs that were best on the test clips, under `--peek`. */
  readonly peeked?: ReadonlyMap<string, PeekedRow>;
  /** How its settings were chosen, where they were. */
  readonly selection?: Selection;
}

/** Writes a fold's folder aside and renames it: it is there whole or not at all. */
export async function writeFold(
  run: string,
  seed: number,
  fold: Fold,
  rows: ReadonlyMap<string, RowResult>,
  { record, seconds, peeked, selection }: FoldExtras,
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
    if (row.insights) await writeWhole(insightFile(aside, name), writeInsights(row.insights));
    if (row.trained) {
      await writeWhole(trainedFile(aside, name), row.trained);
      record.checkpoint(name, sha256(row.trained));
    }
    if (!row.params) continue;
    const bytes = await saveParams(row.params);
    await writeWhole(networkFile(aside, name), bytes);
    record.checkpoint(name, sha256(bytes));
  }
  if (peeked) {
    await writeWhole(
      `${aside}/${peekedFile}`,
      JSON.stringify({ PEEKED: Object.fromEntries(peeked) }),
    );
  }
  if (selection) await writeWhole(`${aside}/${selectionFile}`, JSON.stringify(selection));
  await writeWhole(`${aside}/${recordFile}`, JSON.stringify(record));
  await writeWhole(`${aside}/${timingFile}`, JSON.stringify({ seconds }));
  await writeWhole(`${aside}/predictions.json`, JSON.stringify(result));
  await Deno.remove(folder, { recursive: true }).catch(() => {}); // not complete, or this fold would not have been trained
  await Deno.rename(aside, folder).catch((error) => {
    throw storageError(folder, error);
  });
}
