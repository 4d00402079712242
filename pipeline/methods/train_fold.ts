import * as tf from "@tensorflow/tfjs";
import { seededRandom } from "../../engine/mod.ts";
import type { Fold } from "../../types.ts";
import { type DataLayer, honestData } from "../data_layer.ts";
import { Peek } from "../peek.ts";
import type { Plan } from "../plan.ts";
import type { Standing } from "../standing.ts";
import { TrainingRecord } from "../training_record.ts";
import { trainingClasses, writeFold } from "./_fold.ts";
import type { MethodParts, Report } from "./mod.ts";

/** What tests change about the training of a fold. */
export interface FoldOptions {
  /** Where pixels, batches and class weights come from. @default honestData */
  readonly data?: DataLayer;
}

/**
 * Trains a fold, every row of it, and leaves its folder whole or not at all: what all methods do around their own training.
 * Nothing of the held-out subject is read before the last step, unless `--peek` asks for it.
 */
export async function trainFold(
  method: MethodParts,
  plan: Plan,
  run: string,
  index: number,
  seed: number,
  report: Report,
  { data = honestData }: FoldOptions = {},
): Promise<void> {
  const fold = plan.folds[index] as Fold;
  const random = seededRandom(seed).fork(fold.name);
  const record = new TrainingRecord();
  const clips = data.trainingClips(plan, fold);
  const classes = trainingClasses(plan, clips, random);
  const peek = plan.peek ? new Peek() : undefined;
  let done = 0;
  const step = (at: Standing) => report(++done, at);
  const rows = await method.trainRows({
    plan,
    run,
    seed,
    fold,
    clips,
    classes,
    random,
    data,
    record,
    shown: true,
    step,
    ...(peek ? { peek } : {}),
  });
  await writeFold(run, seed, fold, rows, { record, ...(peek ? { peeked: peek.rows(rows) } : {}) });
  for (const result of rows.values()) tf.dispose(result.params ?? {});
}
