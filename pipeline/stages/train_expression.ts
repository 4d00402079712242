import * as tf from "@tensorflow/tfjs";
import { type Optimiser, type SharedSlot, trainingStep } from "../../engine/mod.ts";
import { expressionLoss } from "../../losses/mod.ts";
import type { Mode, Params } from "../../types.ts";
import { type InputTrail, ReadAhead } from "./read_ahead.ts";
import { learningRateAt } from "./schedule.ts";

/** A network that gives logits, and where its batches come from: what stages (a) and (b) train. */
export interface ExpressionTask<Input> {
  /** The forward pass: (n, L) logits. */
  readonly logits: (params: Params, input: Input, mode: Mode) => tf.Tensor2D;
  /** The input of the clips at these positions; the loop disposes it. */
  readonly batch: (positions: readonly number[]) => Input;
  /** The class of each position. */
  readonly classes: readonly number[];
  /** The weight of each class in L_c. */
  readonly classWeights?: readonly number[] | undefined;
  /** Names of the parameters to train. */
  readonly trainable: readonly string[];
  /** The loss of the logits. @default expressionLoss, Eq. 1 */
  readonly loss?: typeof expressionLoss;
  /** What making a batch changes beside it: with it, batches are made while the engine computes. @default they are not */
  readonly trail?: InputTrail;
  /** Where recordings of the step are shared with other trainings. @default nowhere */
  readonly shared?: SharedSlot | undefined;
}

/** How long and how fast. */
export interface StageSettings {
  /** Optimisation steps. */
  readonly steps: number;
  /** The learning rate at the first step. */
  readonly learningRate: number;
  /** How it goes on. */
  readonly decay: "constant" | "cosine";
  /** Steps that are over already. @default 0 */
  readonly from?: number;
}

/** What a step came to, for logs and progress. */
export interface StepReport {
  /** From 1. */
  readonly step: number;
  /** How many there are. */
  readonly steps: number;
  /** Losses and accuracies by name. */
  readonly values: Readonly<Record<string, number>>;
}

/**
 * Trains with L_c alone (Eq. 1): stage (a) on macro data, stage (b) on micro data, and the comparison networks.
 * Replaces the entries of `params` in place.
 *
 * @param draw The positions of the next batch.
 * @param random Draws dropout masks.
 */
export async function trainExpression<Input>(
  task: ExpressionTask<Input>,
  params: Params,
  stage: StageSettings,
  optimiser: Optimiser,
  draw: () => number[],
  random: () => number,
  onStep: (report: StepReport) => void | Promise<void>,
): Promise<void> {
  const training = trainingStep(
    ({ input, labels }: { input: Input; labels: tf.Tensor1D }, updates) => {
      const logits = task.logits(params, input, { updates, random });
      const { classWeights } = task;
      const loss = (task.loss ?? expressionLoss)(logits, labels, classWeights ? { classWeights } : {});
      return { loss, correct: correctPart(logits, labels) };
    },
    params,
    task.trainable,
    optimiser,
    task.shared ? { shared: task.shared } : {},
  );
  using next = new ReadAhead(
    () => {
      const positions = draw();
      const input = task.batch(positions);
      return { input, labels: tf.tensor1d(positions.map((p) => task.classes[p] as number), "int32") };
    },
    stage,
    task.trail,
  );
  try {
    for (let step = stage.from ?? 0; step < stage.steps; step++) {
      optimiser.learningRate = learningRateAt(stage, step);
      const inputs = next.take();
      const value = training.run(inputs, next.ahead);
      const values = {
        expression: value.loss.dataSync()[0] as number,
        accuracy: value.correct.dataSync()[0] as number,
      };
      tf.dispose([value, inputs] as tf.TensorContainer);
      refuseUnlessFinite(values.expression, step);
      await onStep({ step: step + 1, steps: stage.steps, values });
    }
  } finally {
    training.dispose(); // also where onStep ends the training
  }
}

/** The part of a batch whose largest logit is at its label. */
export function correctPart(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  return tf.mean(tf.cast(tf.equal(tf.cast(tf.argMax(logits, 1), "int32"), labels), "float32"));
}

/** A loss that is no number any more can only get worse: say so at once. */
export function refuseUnlessFinite(loss: number, step: number): void {
  if (Number.isFinite(loss)) return;
  throw new RangeError(
    `Cannot go on training: the loss is ${loss} at step ${step + 1}; lower the learning rate of the stage`,
  );
}
