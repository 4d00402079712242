import type { Random } from "../../engine/mod.ts";
import type { Fold, Params, Prediction } from "../../types.ts";
import type { DataLayer } from "../data_layer.ts";
import type { History } from "../history.ts";
import type { Insight } from "../insight.ts";
import type { Peek } from "../peek.ts";
import type { Plan } from "../plan.ts";
import type { SharedWork } from "../shared_work.ts";
import type { Standing } from "../standing.ts";
import type { TrainingRecord } from "../training_record.ts";
import type { TrainingState } from "../training_state.ts";

/** One training: what a method trains on, what it predicts then, and who listens. */
export interface TrainingTask {
  /** The plan; its pipeline has the settings of this training. */
  readonly plan: Plan;
  /** The run folder, where MaNet lies. */
  readonly run: string;
  /** The seed that fresh weights are drawn from. */
  readonly seed: number;
  /** What is predicted (`test`); what is trained on is `clips`. */
  readonly fold: Fold;
  /** Positions in `plan.micro` of the clips to train on. */
  readonly clips: readonly number[];
  /** The class of each of them. */
  readonly classes: readonly number[];
  /** The stream that all draws of this training come from. */
  readonly random: Random;
  /** Where pixels, batches and class weights come from. */
  readonly data: DataLayer;
  /** Keeps what is read; the method says with `enter` and `during` what for. */
  readonly record: TrainingRecord;
  /** Keeps where each loop of steps stands, so that a training that was interrupted goes on. */
  readonly state: TrainingState;
  /** What the jobs of a process share. @default nothing is */
  readonly shared?: SharedWork;
  /** Whether the report will show this training: false for those of the inner selection. */
  readonly shown: boolean;
  /** To be called after every optimisation step, with where its stage stands. */
  readonly step: (at: Standing) => Promise<void>;
  /** Present under `--peek`: to be called in the last stage of a row, after every step. */
  readonly peek?: Peek;
}

/** What a training leaves for one row. */
export interface RowResult {
  /** Predictions of `fold.test` by the last step. */
  readonly predictions: readonly Prediction[];
  /** Losses and accuracies. */
  readonly history: History;
  /** What the report shows of each prediction's clip, in their order, where the task wants it. */
  readonly insights?: readonly Insight[];
  /** The trained network, where it is kept; the caller disposes it. */
  readonly params?: Params;
  /** The trained comparison method, where it is kept: the bytes of its file. */
  readonly trained?: Uint8Array;
}
