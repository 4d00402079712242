import * as tf from "@tensorflow/tfjs";

/** The sum over rows, (m, C) -> (C), as a product with ones: wasm's own sum over rows is slow. Has no gradient to x's ones. */
export function sumRows(x: tf.Tensor2D): tf.Tensor1D {
  const [rows, channels] = x.shape;
  return tf.matMul(tf.ones<tf.Rank.R2>([1, rows]), x).reshape([channels]); // (1, m) (m, C) -> (1, C) -> (C)
}
