import type * as tf from "@tensorflow/tfjs";
import { recording } from "./_recorder.ts";

/**
 * A check that reads the values of tensors back and throws if they are wrong. Within a step that is recorded
 * ({@linkcode trainingStep}, {@linkcode replayed}) it is made again on each replay, with the inputs of that step; elsewhere this only
 * makes it. Reading values back otherwise keeps a step from being recorded, since JavaScript could do something else the next time.
 *
 * @param tensors Inputs of the step, or constants of it.
 *
 * @example
 * ```ts
 * import { inEveryStep, startEngine } from "@macro2micro/mer/engine";
 * import { assertThrows } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * await startEngine("cpu", { say: () => {} });
 * const labels = tf.tensor1d([0, 3], "int32");
 * assertThrows(() =>
 *   inEveryStep([labels], (labels) => {
 *     if (labels.dataSync().some((label) => label > 2)) throw new RangeError("labels must be 0, 1 or 2");
 *   })
 * );
 * labels.dispose();
 * ```
 */
export function inEveryStep(
  tensors: readonly tf.Tensor[],
  check: (...tensors: tf.Tensor[]) => void,
): void {
  if (recording.listener) recording.listener.checked(tensors, check);
  else check(...tensors);
}
