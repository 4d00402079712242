import * as tf from "@tensorflow/tfjs";

/** Keeps the root's gradient finite at 0. */
const epsilon = 1e-12;

/**
 * A capsule's non-linearity (Sabour, Frosst, Hinton 2017, Eq. 1): v = |s|^2 / (1 + |s|^2) s / |s|, along the last axis: the direction
 * stays, the length comes to lie in [0, 1). |s| is the root of |s|^2 + 1e-12 here, so that a capsule of zeros has a gradient.
 *
 * @example
 * ```ts
 * import { squash } from "@macro2micro/mer/models";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const [x, y] = squash(tf.tensor1d([3, 4])).dataSync();
 * assertAlmostEquals(Math.hypot(x!, y!), 25 / 26, 1e-6);
 * ```
 */
export function squash<T extends tf.Tensor>(s: T): T {
  return tf.tidy(() => {
    const square = tf.sum(tf.square(s), -1, true);
    return tf.mul(s, tf.div(square, tf.mul(tf.add(square, 1), tf.sqrt(tf.add(square, epsilon))))) as T;
  });
}

/** The length of each capsule, (..., d) -> (...). */
export function lengths(v: tf.Tensor): tf.Tensor {
  return tf.sqrt(tf.add(tf.sum(tf.square(v), -1), epsilon));
}
