import * as tf from "@tensorflow/tfjs";
import { sumRows } from "./_sum_rows.ts";

/** x + bias for each channel, (n, h, w, C) and (C); its gradient sums rows the fast way. */
export function addBias(x: tf.Tensor4D, bias: tf.Tensor1D): tf.Tensor4D {
  const op = tf.customGrad((...args) => {
    const [x, bias] = args as tf.Tensor[] as [tf.Tensor4D, tf.Tensor1D];
    return { value: x.add(bias), gradFunc: (dy: tf.Tensor) => [dy, sumRows(dy as tf.Tensor4D)] };
  });
  return op(x, bias) as tf.Tensor4D;
}
