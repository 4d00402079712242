import type { Params } from "../types.ts";
import type { AdamStep } from "./_adam_step.ts";
import type { AdamTensors } from "./_recorder.ts";

/** How an optimiser takes part in recorded steps: one rate and one set of constants for some of the parameters. */
export interface UpdateGroup {
  /** The parameters' names. */
  readonly names: readonly string[];
  /** See `AdamOptions`. */
  readonly weightDecay: number;
  /** A parameter and its moments, which are made if there are none yet. */
  tensors(params: Params, name: string): AdamTensors;
  /** Counts a step and gives its numbers. */
  next(): AdamStep;
}

/** Updates parameters from gradients. Holds tensors of its own: dispose it. */
export interface Optimiser {
  /** Used by the next step; a schedule sets it anew. */
  learningRate: number;
  /**
   * One step: replaces `params[name]` for every name in `grads` by a new tensor and disposes the old one. Parameters without a gradient,
   * and buffers, stay as they are. The gradients remain the caller's.
   */
  step(params: Params, grads: Params): void;
  /**
   * The same step as something that an engine may do by itself, parameters changed in place: for {@linkcode trainingStep}. An
   * optimiser without it is stepped from outside.
   *
   * @param names The parameters that have gradients.
   */
  groups?(names: readonly string[]): UpdateGroup[];
  /** Copies of the state as named tensors, for a checkpoint; the caller disposes them. */
  state(): Params;
  /** Goes on from a state that `state` gave; copies it. */
  restore(state: Params): void;
  /** Disposes the optimiser's tensors. */
  dispose(): void;
}
