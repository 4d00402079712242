import * as tf from "@tensorflow/tfjs";
import { Recordings } from "./_recordings.ts";
import { recordingsIn, type SharedSlot } from "./shared_recordings.ts";

/** Options of `replayed`. */
export interface ReplayedOptions {
  /** Recordings of functions that are alike in all but their inputs, and to be left to later ones. @default none */
  shared?: SharedSlot;
}

/** What `replayed` gives. */
export interface Replayed<Inputs, Result> {
  /**
   * Calls the function.
   *
   * @param inputs Whatever changes from call to call, in objects and arrays: see {@linkcode TrainingStep}.
   * @returns What it returned; its tensors belong to the caller.
   */
  run(inputs: Inputs): Result;
  /** Recordings so far, and why a call was not recorded, if so. */
  readonly recorded: { readonly count: number; readonly problems: readonly string[] };
  /** Forgets the recordings. */
  dispose(): void;
}

/**
 * A function of tensors that changes nothing, such as a network's forward pass in inference, recorded on the native engine and replayed as one
 * graph; elsewhere it is only called, in a `tf.tidy`. What {@linkcode trainingStep} says of inputs and constants holds here too. A replay has no gradient:
 * don't call it within `tf.grad` or `gradients`.
 *
 * @param f Returns tensors in an object or an array, or one.
 *
 * @example
 * ```ts
 * import { replayed, startEngine } from "@macro2micro/mer/engine";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * await startEngine("cpu", { say: () => {} });
 * const norm = replayed(({ x }: { x: tf.Tensor1D }) => tf.sqrt(tf.sum(tf.square(x))));
 * const x = tf.tensor1d([3, 4]);
 * const length = norm.run({ x });
 * assertEquals(length.arraySync(), 5);
 * norm.dispose();
 * tf.dispose([x, length]);
 * ```
 */
export function replayed<Inputs, Result>(
  f: (inputs: Inputs) => Result,
  { shared }: ReplayedOptions = {},
): Replayed<Inputs, Result> {
  const recordings = new Recordings<Result, Result>(shared && recordingsIn(shared));
  return {
    run(inputs) {
      const call = () => tf.tidy(() => f(inputs) as tf.TensorContainer) as Result;
      const outcome = recordings.run(inputs, call, (made) => made);
      return outcome.replayed ? outcome.outputs : outcome.made;
    },
    get recorded() {
      return recordings.state;
    },
    dispose: () => recordings.dispose(),
  };
}
