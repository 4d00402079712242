import type { Pipeline } from "../schema.ts";
import { macro2micro } from "./macro2micro.ts";
import { ststnet } from "./ststnet.ts";

/** Called after every step: how many of the job's steps are done, and a line about them. */
export type Report = (done: number, text: string) => Promise<void>;

/** How a method trains: everything a worker process does. */
export interface TrainingMethod {
  /** The steps of the job that all folds share. */
  readonly macroSteps: (pipeline: Pipeline) => number;
  /** The steps of a fold. */
  readonly foldSteps: (pipeline: Pipeline) => number;
  /** Trains what all folds share (MaNet) and leaves it in the run folder. Methods without such a part do nothing. */
  readonly trainMacro: (
    plan: import("../plan.ts").Plan,
    run: string,
    seed: number,
    report: Report,
  ) => Promise<void>;
  /** Trains a fold, every row of it, and leaves its predictions and checkpoints, whole or not at all. */
  readonly trainFold: (
    plan: import("../plan.ts").Plan,
    run: string,
    fold: number,
    seed: number,
    report: Report,
  ) => Promise<void>;
}

/** The method that a pipeline names. */
export function methodOf(pipeline: Pipeline): TrainingMethod {
  return { macro2micro, ststnet }[pipeline.method];
}
