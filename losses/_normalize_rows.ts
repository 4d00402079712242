import * as tf from "@tensorflow/tfjs";

/** A row whose largest component is below this counts as zero. */
const zeroBelow = 1e-8;

/**
 * Rows of x (N, C) divided by their L2 norm. A zero row stays zero and gets no gradient: the true gradient of the
 * direction grows as 1 / norm and has no limit there. The norm is that of x / max|x|, so squares neither
 * overflow nor vanish.
 */
export function normalizeRows(x: tf.Tensor2D): tf.Tensor2D {
  const normalize = tf.customGrad((x, save) => {
    const rows = x as tf.Tensor2D;
    const largest = tf.max(tf.abs(rows), 1, true); // (N, C) -> (N, 1)
    const alive = tf.cast(tf.greaterEqual(largest, zeroBelow), "float32"); // (N, 1): 0 for zero rows
    const scaled = tf.div(rows, tf.maximum(largest, zeroBelow)); // (N, C), largest component 1
    const norm = tf.sqrt(tf.maximum(tf.sum(tf.square(scaled), 1, true), 1)); // (N, 1); below 1 only for zero rows
    const unit = tf.mul(tf.div(scaled, norm), alive); // (N, C)
    const inverse = tf.div(alive, tf.mul(norm, tf.maximum(largest, zeroBelow))); // (N, 1): 1 / |x|
    (save as (tensors: tf.Tensor[]) => void)([unit, inverse]);
    return {
      value: unit,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [unit, inverse] = saved as [tf.Tensor, tf.Tensor];
        const along = tf.sum(tf.mul(dy, unit), 1, true); // (N, 1)
        return tf.mul(tf.sub(dy, tf.mul(unit, along)), inverse);
      },
    };
  });
  return normalize(x) as tf.Tensor2D;
}
