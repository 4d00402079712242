import * as tf from "@tensorflow/tfjs";
import { tensorsIn } from "./_containers.ts";

/**
 * Gives the values of tensors to the engine now. The native engine copies them when an operation needs them first, which would then wait; others
 * have no such delay, and nothing happens.
 *
 * @param tensors Tensors in objects and arrays; what else is there is passed over.
 *
 * @example
 * ```ts
 * import { handOver, startEngine } from "@macro2micro/mer/engine";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * await startEngine("cpu", { say: () => {} });
 * const x = tf.tensor1d([4]);
 * handOver({ x });
 * assertEquals(x.arraySync(), [4]);
 * x.dispose();
 * ```
 */
export function handOver(tensors: unknown): void {
  if (tf.getBackend() !== "tensorflow") return;
  const backend = tf.backend() as unknown as { getInputTensorIds(tensors: tf.Tensor[]): number[] };
  backend.getInputTensorIds(tensorsIn(tensors));
}
