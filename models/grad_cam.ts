import type { Tensor2D, Tensor4D, Tensor5D } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

/**
 * Grad-CAM (Selvaraju et al., ICCV 2017, Eq. 1 and 2): where on its last map a network found what speaks for a class.
 * With A the map, y the class's logit and Z = h w places, the weight of a channel is alpha_k = 1/Z sum_ij dy/dA_ij^k and the result
 * ReLU(sum_k alpha_k A^k). Maps of frames are weighted each by its own alpha, so that a frame that counts little stays pale.
 *
 * @param maps A: one map a clip, (n, h, w, C), or one a frame, (n, T, h, w, C).
 * @param logitsOf The rest of the network, from these maps to logits (n, L).
 * @param classes The class of each clip, n of them.
 * @returns (n, h, w) or (n, T, h, w), not negative, in the logit's own unit divided by Z: what is drawn is usually the part of the greatest value.
 * @throws {RangeError} If there is not one class for each clip.
 *
 * @example
 * ```ts
 * import { gradCam } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const maps = tf.tensor4d([1, 0, 2, 5], [1, 1, 2, 2]); // two places, two channels
 * const logitsOf = (a: tf.Tensor4D) => tf.sum(a, [1, 2]) as tf.Tensor2D; // channel k speaks for class k
 * assertEquals(gradCam(maps, logitsOf, [1]).arraySync(), [[[0, 5]]]);
 * ```
 */
export function gradCam<Maps extends Tensor4D | Tensor5D>(
  maps: Maps,
  logitsOf: (maps: Maps) => Tensor2D,
  classes: readonly number[],
): tf.Tensor {
  if (classes.length !== maps.shape[0]) {
    throw new RangeError(
      `Cannot draw Grad-CAM: ${maps.shape[0]} clips need as many classes, found ${classes.length}`,
    );
  }
  return tf.tidy(() => {
    const chosenLogits = (a: tf.Tensor) => {
      const logits = logitsOf(a as Maps);
      const chosen = tf.oneHot(tf.tensor1d([...classes], "int32"), logits.shape[1]);
      return tf.sum(tf.mul(logits, tf.cast(chosen, "float32"))); // clips do not meet: the gradient of each is its own
    };
    const gradient = tf.grad(chosenLogits)(maps); // (n, [T,] h, w, C)
    const alpha = tf.mean(gradient, [maps.rank - 3, maps.rank - 2], true); // (n, [T,] 1, 1, C)
    return tf.relu(tf.sum(tf.mul(alpha, maps), -1));
  });
}
