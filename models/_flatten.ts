import * as tf from "@tensorflow/tfjs";

/** Maps flattened channel-first, as PyTorch's `flatten(1)` does: (n, h, w, C) -> (n, C h w). */
export function flattenLikePyTorch(x: tf.Tensor4D): tf.Tensor2D {
  const [n, h, w, channels] = x.shape;
  return tf.reshape(tf.transpose(x, [0, 3, 1, 2]), [n, channels * h * w]);
}
