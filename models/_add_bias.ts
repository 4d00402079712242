import * as tf from "@tensorflow/tfjs";
import { sumRows } from "./_sum_rows.ts";

/** x + bias over the last axis; its gradient sums rows the fast way. */
export function addBias<T extends tf.Tensor>(x: T, bias: tf.Tensor1D): T {
  const op = tf.customGrad((...args) => {
    const [x, bias] = args as tf.Tensor[] as [tf.Tensor, tf.Tensor1D];
    return {
      value: x.add(bias),
      // (..., C) -> (m, C) -> (C)
      gradFunc: (dy: tf.Tensor) => [dy, sumRows(dy.reshape<tf.Tensor2D>([dy.size / bias.size, bias.size]))],
    };
  });
  return op(x, bias) as T;
}
