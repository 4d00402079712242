import * as tf from "@tensorflow/tfjs";
import { lacksExplicitPadding } from "./_explicit_padding.ts";

/** PyTorch's max-pool: padding never wins. */
export function maxPool(
  x: tf.Tensor4D,
  size: number,
  stride: number,
  padding: number,
  byHand: boolean = lacksExplicitPadding(),
): tf.Tensor4D {
  if (padding === 0 || !byHand) return tf.maxPool(x, size, stride, padding === 0 ? "valid" : padding);
  const border: [number, number] = [padding, padding];
  return tf.maxPool(tf.pad(x, [[0, 0], border, border, [0, 0]], lowest), size, stride, "valid");
}

/** The lowest finite float32: minus infinity would turn into NaN where an engine multiplies by a mask. */
const lowest = -3.4028234663852886e38;
