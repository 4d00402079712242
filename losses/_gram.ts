import * as tf from "@tensorflow/tfjs";

/**
 * The dot products of the rows of z (N, C) with each other, (N, N). The gradient (dy + dy^T) z transposes (N, N) only: on the wasm
 * engine transposing the wide z costs more than the products.
 */
export function gram(z: tf.Tensor2D): tf.Tensor2D {
  const product = tf.customGrad((z, save) => {
    const rows = z as tf.Tensor2D;
    (save as (tensors: tf.Tensor[]) => void)([rows]);
    return {
      value: tf.matMul(rows, tf.transpose(rows)), // (N, C) x (C, N) -> (N, N)
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const both = tf.add(dy, tf.transpose(dy)) as tf.Tensor2D;
        return tf.matMul(both, saved[0] as tf.Tensor2D); // (N, N) x (N, C) -> (N, C)
      },
    };
  });
  return product(z) as tf.Tensor2D;
}
