import * as tf from "@tensorflow/tfjs";
import { checkLabels } from "./_labels.ts";

/**
 * The domain loss L_s or L_t: binary cross entropy of a domain discriminator's logits, mean over the batch.
 *
 * Eq. 2 (D_s on the apex features) and Eq. 4 (D_t on v(s)) of Xia & Wang (IJCAI 2021), with domain label 1 = micro:
 * -(1/n) sum (z log sigmoid(x) + (1 - z) log(1 - sigmoid(x))). The adversarial sign is not here: it comes from
 * {@linkcode gradientReversal} between the features and the discriminator. The mean is over micro and macro samples
 * together, so equal numbers of both give half the sum of the two domains' means.
 *
 * Computed as softplus(x) for macro and softplus(-x) for micro: no overflow, no loss of digits, the right gradient at x = 0.
 * A batch of one sample or of one domain needs no special treatment.
 *
 * @param logits (n) or (n, 1) float32.
 * @param isMicro (n) int32, 1 for micro and 0 for macro. The values are not checked on the webgpu and webgl engines.
 * @returns A scalar >= 0.
 * @throws {TypeError} If ranks or types are not as above.
 * @throws {RangeError} If the batch is empty, the lengths differ, or a domain label is neither 0 nor 1.
 *
 * @example
 * ```ts
 * import { domainLoss } from "@macro2micro/mer/losses";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * // Undecided about a micro clip, three to one for the truth about a macro clip.
 * const loss = domainLoss(tf.tensor1d([0, -Math.log(3)]), tf.tensor1d([1, 0], "int32"));
 * assertAlmostEquals(loss.dataSync()[0]!, (Math.log(2) + Math.log(4 / 3)) / 2, 1e-6);
 * ```
 */
export function domainLoss(logits: tf.Tensor1D | tf.Tensor2D, isMicro: tf.Tensor1D): tf.Scalar {
  const task = "compute domain loss";
  const oneColumn = logits.rank === 1 || (logits.rank === 2 && logits.shape[1] === 1);
  if (!oneColumn || logits.dtype !== "float32") {
    throw new TypeError(
      `Cannot ${task}: logits must be float32 of shape (n) or (n, 1), current value is ${logits.dtype} of shape [${logits.shape}]`,
    );
  }
  if (logits.size === 0) throw new RangeError(`Cannot ${task}: the batch is empty`);
  checkLabels(task, isMicro, logits.size, 2);
  return tf.tidy(() => {
    const sign = tf.sub(1, tf.mul(2, tf.cast(isMicro, "float32"))); // (n): -1 micro, 1 macro
    const x = tf.reshape(logits, [logits.size]); // (n, 1) -> (n)
    return tf.mean(tf.softplus(tf.mul(x, sign))) as tf.Scalar;
  });
}
