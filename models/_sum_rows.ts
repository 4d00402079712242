import * as tf from "@tensorflow/tfjs";

/**
 * The sum over n, h, w, (n, h, w, C) -> (C): the mean over each map, then a product with ones. wasm's own sum over rows
 * is slow, and two steps round less than one long sum. A product with x itself would not do: wasm keeps a packed copy
 * of a product's second factor for as long as its data live. Not for use under a gradient.
 */
export function sumRows(x: tf.Tensor4D): tf.Tensor1D {
  const [n, h, w, channels] = x.shape;
  const means = tf.avgPool(x, [h, w], 1, "valid").reshape<tf.Tensor2D>([n, channels]); // (n, 1, 1, C) -> (n, C)
  return tf.matMul(tf.fill([1, n], h * w) as tf.Tensor2D, means).reshape([channels]); // (1, n) (n, C) -> (C)
}
