import * as tf from "@tensorflow/tfjs";

/** PyTorch's max-pool: padding never wins. Native TensorFlow pools without explicit padding only: padded by hand there. */
export function maxPool(x: tf.Tensor4D, size: number, stride: number, padding: number): tf.Tensor4D {
  if (padding === 0 || tf.getBackend() !== "tensorflow") return tf.maxPool(x, size, stride, padding);
  const border: [number, number] = [padding, padding];
  return tf.maxPool(tf.pad(x, [[0, 0], border, border, [0, 0]], lowest), size, stride, "valid");
}

/** The lowest finite float32: minus infinity would turn into NaN where an engine multiplies by a mask. */
const lowest = -3.4028234663852886e38;
