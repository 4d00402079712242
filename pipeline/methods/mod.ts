import type { Fold } from "../../types.ts";
import { innerSettings } from "../inner_settings.ts";
import type { Plan } from "../plan.ts";
import type { Pipeline } from "../schema.ts";
import { innerSplits } from "../selection.ts";
import type { Standing } from "../standing.ts";
import { isComparisonName } from "../comparison_methods.ts";
import { comparison } from "./comparison.ts";
import { macro2micro } from "./macro2micro.ts";
import { type JobOptions, trainFold } from "./train_fold.ts";
import type { RowResult, TrainingTask } from "./training_task.ts";

/** Called after every step: how many of the job's steps are done, and where the stage stands. */
export type Report = (done: number, at: Standing) => Promise<void>;

/** What a method says about itself: how long it trains, and how. */
export interface MethodParts {
  /** The steps of the job that all folds share. */
  readonly macroSteps: (pipeline: Pipeline) => number;
  /** The steps of one training of all rows. */
  readonly rowSteps: (pipeline: Pipeline) => number;
  /** Trains what all folds share (MaNet) and leaves it in the run folder. Methods without such a part do nothing. */
  readonly trainMacro: (
    plan: Plan,
    run: string,
    seed: number,
    report: Report,
    options?: JobOptions,
  ) => Promise<void>;
  /** Trains every row on the task's clips and predicts the clips of its fold's test. */
  readonly trainRows: (task: TrainingTask) => Promise<Map<string, RowResult>>;
}

/** Everything that a worker process does with a method. */
export interface TrainingMethod extends Pick<MethodParts, "macroSteps" | "trainMacro"> {
  /** The most steps that a fold of a plan takes: those of the inner selection, then those of its longest setting. */
  readonly foldSteps: (plan: Plan, fold: Fold) => number;
  /** Trains a fold, every row of it, and leaves its predictions and checkpoints, whole or not at all. */
  readonly trainFold: (
    plan: Plan,
    run: string,
    fold: number,
    seed: number,
    report: Report,
    options?: JobOptions,
  ) => Promise<void>;
}

/** The method that a pipeline names. */
export function methodOf(pipeline: Pipeline): TrainingMethod {
  const { method } = pipeline;
  const parts: MethodParts = isComparisonName(method) ? comparison : macro2micro;
  return {
    macroSteps: parts.macroSteps,
    foldSteps: (plan, fold) => foldSteps(parts, plan, fold),
    trainMacro: parts.trainMacro,
    trainFold: (...given) => trainFold(parts, ...given),
  };
}

function foldSteps({ rowSteps }: MethodParts, plan: Plan, fold: Fold): number {
  if (plan.pipeline.selection === "none") return rowSteps(plan.pipeline);
  const each = innerSettings(plan.pipeline).map((setting) => rowSteps(setting.pipeline));
  const splits = innerSplits(plan.pipeline, plan.micro, fold.train).length;
  return splits * each.reduce((a, b) => a + b, 0) + Math.max(...each);
}
