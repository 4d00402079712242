import type { Params } from "../types.ts";

/** Updates parameters from gradients. Holds tensors of its own: dispose it. */
export interface Optimiser {
  /** Used by the next step; a schedule sets it anew. */
  learningRate: number;
  /**
   * One step: replaces `params[name]` for every name in `grads` by a new tensor and disposes the old one. Parameters without a gradient,
   * and buffers, stay as they are. The gradients remain the caller's.
   */
  step(params: Params, grads: Params): void;
  /** Copies of the state as named tensors, for a checkpoint; the caller disposes them. */
  state(): Params;
  /** Goes on from a state that `state` gave; copies it. */
  restore(state: Params): void;
  /** Disposes the optimiser's tensors. */
  dispose(): void;
}
