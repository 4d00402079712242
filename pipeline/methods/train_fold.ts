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
import { selectInner } from "./select_inner.ts";
import type { TrainingTask } from "./training_task.ts";

/** What tests change about the training of a fold. */
export interface FoldOptions {
  /** Where pixels, batches and class weights come from. @default honestData */
  readonly data?: DataLayer;
}

/**
 * Trains a fold, every row of it, and leaves its folder whole or not at all: what all methods do around their own training.
 * Where the pipeline selects its settings, that is done first, on splits of the training clips. Nothing of the held-out subject is read before the last step, unless `--peek` asks for it.
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
  const task: TrainingTask = {
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
  };
  const selected = plan.pipeline.selection === "inner"
    ? await selectInner(method, task, async (scope, _, work) => {
      record.scope = scope;
      try {
        return await work();
      } finally {
        record.scope = "final";
      }
    })
    : undefined;
  const rows = await method.trainRows({
    ...task,
    ...(selected ? { plan: { ...plan, pipeline: selected.pipeline } } : {}),
    ...(peek ? { peek } : {}),
  });
  await writeFold(run, seed, fold, rows, {
    record,
    ...(peek ? { peeked: peek.rows(rows) } : {}),
    ...(selected ? { selection: selected.selection } : {}),
  });
  for (const result of rows.values()) tf.dispose(result.params ?? {});
}
