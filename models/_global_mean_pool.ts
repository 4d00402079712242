import * as tf from "@tensorflow/tfjs";

/** The mean over h and w, (n, h, w, C) -> (n, C). The gradient spreads by a broadcast, since tile is slow on wasm. */
export function globalMeanPool(x: tf.Tensor4D): tf.Tensor2D {
  const [n, h, w, channels] = x.shape;
  const op = tf.customGrad((...args) => {
    const [x] = args as tf.Tensor[] as [tf.Tensor4D];
    return {
      value: tf.avgPool(x, [h, w], 1, "valid").reshape([n, channels]), // (n, 1, 1, C) -> (n, C)
      gradFunc: (dy: tf.Tensor) => [tf.zeros(x.shape).add(dy.reshape([n, 1, 1, channels]).div(h * w))],
    };
  });
  return op(x) as tf.Tensor2D;
}
