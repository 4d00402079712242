import * as tf from "@tensorflow/tfjs";

/**
 * Mean cross entropy of logits (n, L) and labels (n), with PyTorch's weighted mean where there are weights (L).
 * The labels are trusted here. Weights whose sum over the batch is 0 give 0.
 */
export function crossEntropy(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
  weights?: readonly number[],
): tf.Scalar {
  return tf.tidy(() => {
    const logP = tf.logSoftmax(logits); // (n, L)
    const classes = tf.range(0, logits.shape[1], 1, "int32"); // (L)
    // Not tf.oneHot: it refuses L = 1, and tfjs 4.22's wasm kernel writes the bits of int32 ones into float32 results.
    const hot = tf.cast(tf.equal(tf.expandDims(labels, 1), classes), "float32"); // (n, 1), (L) -> (n, L)
    if (weights === undefined) {
      return tf.div(negative(tf.sum(tf.mul(hot, logP))), logits.shape[0]) as tf.Scalar;
    }
    const weighted = tf.mul(hot, tf.tensor2d([...weights], [1, weights.length])); // (n, L)
    const total = tf.maximum(tf.sum(weighted), 1e-30);
    return tf.div(negative(tf.sum(tf.mul(weighted, logP))), total) as tf.Scalar;
  });
}

/** -x, but 0 for 0 rather than -0. */
function negative(x: tf.Tensor): tf.Tensor {
  return tf.sub(0, x);
}
