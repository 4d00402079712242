import * as tf from "@tensorflow/tfjs";

/**
 * Linear combinations of frames: (n, T, ...) with weights (m, T) -> (m, n, ...), frame by frame a product of small
 * matrices. The weights are constants (plain numbers), so the gradient needs no transposing product.
 */
export function combineFrames(frames: tf.Tensor, weights: readonly (readonly number[])[]): tf.Tensor {
  const [n, T, ...rest] = frames.shape as [number, number, ...number[]];
  const size = frames.size / (n * T);
  const op = tf.customGrad((...args) => {
    const [x] = args as tf.Tensor[] as [tf.Tensor];
    const leading = x.reshape([n, T, size]).transpose([1, 0, 2]).reshape<tf.Tensor2D>([T, n * size]);
    return {
      value: tf.matMul(matrix(weights), leading).reshape([weights.length, n, ...rest]), // (m, T) (T, nD) -> (m, nD)
      gradFunc: (dy: tf.Tensor) => {
        const flat = dy.reshape<tf.Tensor2D>([weights.length, n * size]);
        const back = tf.matMul(matrix(transposed(weights)), flat); // (T, m) (m, nD) -> (T, nD)
        return [back.reshape([T, n, size]).transpose([1, 0, 2]).reshape(x.shape)];
      },
    };
  });
  return op(frames);
}

function matrix(rows: readonly (readonly number[])[]): tf.Tensor2D {
  return tf.tensor2d(rows.map((row) => [...row]));
}

function transposed(rows: readonly (readonly number[])[]): number[][] {
  return (rows[0] ?? []).map((_, t) => rows.map((row) => row[t] as number));
}
