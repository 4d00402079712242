import * as tf from "@tensorflow/tfjs";

/** x where positive, else slope x. The gradient at 0 is the slope, as in PyTorch; tfjs's own uses the slow `where`. */
export function leakyRelu<T extends tf.Tensor>(x: T, slope: number): T {
  const op = tf.customGrad((...args) => {
    const [x, save] = args as unknown as [tf.Tensor, tf.GradSaveFunc];
    save([x]);
    return {
      value: tf.leakyRelu(x, slope),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [dy.mul(tf.step(saved[0] as tf.Tensor, slope))],
    };
  });
  return op(x) as T;
}
