import * as tf from "@tensorflow/tfjs";

/**
 * The gradient reversal layer (GRL) of Ganin & Lempitsky (2015): the identity forward, `-scale * dy` backward.
 *
 * Between features and a domain discriminator it makes one minimisation serve both: the discriminator learns to tell
 * micro from macro, the features learn to hide it (section 2.3 and 2.4 of Xia & Wang, IJCAI 2021). `scale` 0 trains the
 * discriminator alone. See {@linkcode grlSchedule} for how `scale` grows in training.
 *
 * @param x A float32 tensor of any shape.
 * @param scale A finite number >= 0.
 * @returns A tensor with the shape and values of `x`.
 * @throws {RangeError} If `scale` is negative or not finite.
 *
 * @example
 * ```ts
 * import { gradientReversal } from "@macro2micro/mer/losses";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const x = tf.tensor1d([1, 2]);
 * const gradient = tf.grad((x) => tf.sum(tf.mul(3, gradientReversal(x, 0.5))))(x);
 * assertEquals([...gradient.dataSync()], [-1.5, -1.5]);
 * ```
 */
export function gradientReversal<T extends tf.Tensor>(x: T, scale: number): T {
  if (!(scale >= 0 && scale < Infinity)) {
    throw new RangeError(`Cannot reverse gradient: scale must be finite and >= 0, current value is ${scale}`);
  }
  const reverse = tf.customGrad((x) => ({
    value: tf.clone(x as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => tf.mul(dy, -scale),
  }));
  return reverse(x) as T;
}
