import * as tf from "@tensorflow/tfjs";
import { checkPositiveInteger } from "../_check.ts";
import { squash } from "./squash.ts";

/**
 * Dynamic routing between capsules (Sabour, Frosst, Hinton 2017, Procedure 1). Each of I capsules predicts each of J, u^_{j|i}; with b = 0 at
 * first, an iteration makes c_ij = softmax over j of b_ij, s_j = sum_i c_ij u^_{j|i}, v_j = squash(s_j), and adds the agreement u^_{j|i} . v_j to
 * b_ij. As usual, the gradient goes through the last s and v alone: the c are constants to it.
 *
 * @param predictions u^: (n, J, I, d).
 * @param iterations r, at least 1; with 1 every capsule counts the same.
 * @returns v: (n, J, d).
 * @throws {RangeError} If `iterations` is no positive integer.
 *
 * @example
 * ```ts
 * import { routeByAgreement } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * assertEquals(routeByAgreement(tf.ones([2, 3, 10, 16]), 3).shape, [2, 3, 16]);
 * ```
 */
export function routeByAgreement(predictions: tf.Tensor4D, iterations: number): tf.Tensor3D {
  checkPositiveInteger("route capsules", "iterations", iterations);
  return tf.tidy(() => vote(predictions, constant(predictions, (u) => coefficients(u, iterations))));
}

/** c after all iterations but the last, (n, J, I, 1). */
function coefficients(predictions: tf.Tensor4D, iterations: number): tf.Tensor {
  let b: tf.Tensor = tf.zeros([...predictions.shape.slice(0, 3), 1]);
  for (let i = 1; i < iterations; i++) {
    const v = tf.expandDims(vote(predictions, overCapsules(b)), 2); // (n, J, 1, d)
    b = tf.add(b, tf.sum(tf.mul(predictions, v), -1, true)); // (n, J, I, 1)
  }
  return overCapsules(b);
}

/** Softmax over j, the second axis. */
function overCapsules(b: tf.Tensor): tf.Tensor {
  const exp = tf.exp(tf.sub(b, tf.max(b, 1, true)));
  return tf.div(exp, tf.sum(exp, 1, true));
}

/** v_j = squash(sum_i c_ij u^_{j|i}), (n, J, d). */
function vote(predictions: tf.Tensor4D, c: tf.Tensor): tf.Tensor3D {
  return squash(tf.sum(tf.mul(predictions, c), 2) as tf.Tensor3D);
}

/** f(x) as a constant: no gradient goes to x. */
function constant(x: tf.Tensor4D, f: (x: tf.Tensor4D) => tf.Tensor): tf.Tensor {
  const op = tf.customGrad((...args) => {
    const input = args[0] as tf.Tensor4D;
    return { value: f(input), gradFunc: () => [tf.zerosLike(input)] };
  });
  return op(x);
}
