import type * as tf from "@tensorflow/tfjs";
import { crossEntropy } from "./_cross_entropy.ts";
import { checkLabels, checkMatrix } from "./_labels.ts";

/**
 * The temporal relation loss L_sam: C_s predicts which sampling interval made v(s), softmax cross entropy, mean over
 * the batch.
 *
 * Eq. 3 of Xia & Wang (IJCAI 2021). The batch holds the features v(s) of all clips, micro and macro alike, at all
 * s_c intervals, in any order. Stays finite for logits up to 1e38 in size; with a single interval (s_c = 1) it is 0.
 *
 * @param logits (n, s_c) float32, from the relation classifier C_s.
 * @param intervalIndex (n) int32 in [0, s_c): index k stands for the interval s = 2^k. The range is not checked on
 * the webgpu and webgl engines.
 * @returns A scalar >= 0.
 * @throws {TypeError} If ranks or types are not as above.
 * @throws {RangeError} If the batch is empty, the lengths differ, or an index is out of range.
 *
 * @example
 * ```ts
 * import { relationLoss } from "@macro2micro/mer/losses";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const logits = tf.tensor2d([[0, 0], [0, Math.log(3)]]);
 * const loss = relationLoss(logits, tf.tensor1d([0, 1], "int32"));
 * assertAlmostEquals(loss.dataSync()[0]!, (Math.log(2) + Math.log(4 / 3)) / 2, 1e-6);
 * ```
 */
export function relationLoss(logits: tf.Tensor2D, intervalIndex: tf.Tensor1D): tf.Scalar {
  const task = "compute relation loss";
  const [n, intervals] = checkMatrix(task, "logits", logits);
  checkLabels(task, intervalIndex, n, intervals);
  return crossEntropy(logits, intervalIndex);
}
