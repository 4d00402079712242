import * as tf from "@tensorflow/tfjs";

/** PyTorch's max-pool: padding never wins. Padded by hand, because not every engine pools with explicit padding. */
export function maxPool(x: tf.Tensor4D, size: number, stride: number, padding: number): tf.Tensor4D {
  const border: [number, number] = [padding, padding];
  const padded = padding === 0 ? x : tf.pad(x, [[0, 0], border, border, [0, 0]], lowest);
  return tf.maxPool(padded, size, stride, "valid");
}

/** The lowest finite float32: minus infinity would turn into NaN where an engine multiplies by a mask. */
const lowest = -3.4028234663852886e38;
