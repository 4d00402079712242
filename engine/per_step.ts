import type * as tf from "@tensorflow/tfjs";
import { recording } from "./_recorder.ts";

/**
 * A tensor whose values JavaScript makes anew in each step, such as a mask of dropout. Within a step that is recorded
 * ({@linkcode trainingStep}, {@linkcode replayed}) `make` is called again on each replay; elsewhere this only calls it. Values that do not
 * come through here, the parameters or the inputs are constants of the recording.
 *
 * @param make Makes the tensor; on replay it draws from the same streams in the same order.
 *
 * @example
 * ```ts
 * import { perStep, seededRandom, startEngine } from "@macro2micro/mer/engine";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * await startEngine("cpu", { say: () => {} });
 * const random = seededRandom(1);
 * const noise = perStep(() => tf.tensor1d([random.next(), random.next()]));
 * assertEquals(noise.shape, [2]);
 * noise.dispose();
 * ```
 */
export function perStep<T extends tf.Tensor>(make: () => T): T {
  const tensor = make();
  recording.listener?.made(tensor, make);
  return tensor;
}
