import * as tf from "@tensorflow/tfjs";

/**
 * The gradient reversal layer (GRL) of Ganin & Lempitsky (2015): the identity forward, `-scale * dy` backward.
 *
 * Between features and a domain discriminator it makes one minimisation serve both: the discriminator learns to tell
 * micro from macro, the features learn to hide it (section 2.3 and 2.4 of Xia & Wang, IJCAI 2021). `scale` 0 trains the
 * discriminator alone. See {@linkcode grlSchedule} for how `scale` grows in training.
 *
 * @param x A float32 tensor of any shape.
 * @param scale A finite number >= 0, or a scalar tensor, whose value the caller vouches for: the same recorded step then does for each value.
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
export function gradientReversal<T extends tf.Tensor>(x: T, scale: number | tf.Scalar): T {
  if (typeof scale === "number" && !(scale >= 0 && scale < Infinity)) {
    throw new RangeError(`Cannot reverse gradient: scale must be finite and >= 0, current value is ${scale}`);
  }
  const reverse = tf.customGrad((...args) => {
    const [x, save] = args as unknown as [tf.Tensor, tf.GradSaveFunc];
    save(typeof scale === "number" ? [] : [scale]);
    return {
      value: tf.clone(x),
      gradFunc: (
        dy: tf.Tensor,
        [saved]: tf.Tensor[],
      ) => [tf.mul(dy, saved ? tf.neg(saved) : -(scale as number))],
    };
  });
  return reverse(x) as T;
}
