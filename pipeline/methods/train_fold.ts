import * as tf from "@tensorflow/tfjs";
import { seededRandom } from "../../engine/mod.ts";
import type { Fold } from "../../types.ts";
import { type DataLayer, honestData } from "../data_layer.ts";
import { Peek } from "../peek.ts";
import type { Plan } from "../plan.ts";
import type { SharedWork } from "../shared_work.ts";
import type { Standing } from "../standing.ts";
import { foldFolder, unfinishedFolder } from "../run_folder.ts";
import { TrainingRecord } from "../training_record.ts";
import { TrainingState } from "../training_state.ts";
import { trainingClasses, writeFold } from "./_fold.ts";
import type { MethodParts, Report } from "./mod.ts";
import { selectInner } from "./select_inner.ts";
import type { TrainingTask } from "./training_task.ts";

/** How a job is done, beside what it is. */
export interface JobOptions {
  /** Where pixels, batches and class weights come from; tests put others in its place. @default honestData */
  readonly data?: DataLayer;
  /** Whether the job shall stop after the step that it is at, which is kept. @default never */
  readonly stop?: () => boolean;
  /** Hears how many steps of the job are over already, from its checkpoint. @default nobody */
  readonly resumed?: (done: number) => void;
  /** Hears of a checkpoint that is of no use. @default nobody */
  readonly say?: (line: string) => void;
  /** Shared with other jobs of the same run. @default nothing is */
  readonly shared?: SharedWork;
}

/**
 * Trains a fold, every row of it, and leaves its folder whole or not at all: what all methods do around their own training.
 * Where the pipeline selects its settings, that is done first, on splits of the training clips. Nothing of the held-out subject is read before the
 * last step, unless `--peek` asks for it. A fold that was interrupted goes on from its last checkpoint, to the same bytes.
 */
export async function trainFold(
  method: MethodParts,
  plan: Plan,
  run: string,
  index: number,
  seed: number,
  report: Report,
  { data = honestData, stop, resumed, say, shared }: JobOptions = {},
): Promise<void> {
  const fold = plan.folds[index] as Fold;
  const random = seededRandom(seed).fork(fold.name);
  const record = new TrainingRecord();
  const clips = data.trainingClips(plan, fold);
  const classes = trainingClasses(plan, clips, random);
  const peek = plan.peek ? new Peek() : undefined;
  let done = 0;
  const state = new TrainingState(unfinishedFolder(foldFolder(run, seed, fold.name)), {
    record,
    ...(peek ? { kept: { peek } } : {}),
    onSkip: (steps) => {
      done += steps;
      resumed?.(done);
    },
    ...(stop ? { stop } : {}),
    ...(say ? { say } : {}),
    ...(shared ? { pace: shared.pace } : {}),
  });
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
    state,
    shown: true,
    step,
    ...(shared ? { shared } : {}),
  };
  const selected = plan.pipeline.selection === "inner"
    ? await selectInner(method, task, (scope, steps, work) => state.once(scope, steps, work))
    : undefined;
  const rows = await method.trainRows({
    ...task,
    ...(selected ? { plan: { ...plan, pipeline: selected.pipeline } } : {}),
    ...(peek ? { peek } : {}),
  });
  await writeFold(run, seed, fold, rows, {
    record,
    seconds: state.seconds,
    ...(peek ? { peeked: peek.rows(rows) } : {}),
    ...(selected ? { selection: selected.selection } : {}),
  });
  await state.remove();
  for (const result of rows.values()) tf.dispose(result.params ?? {});
}
