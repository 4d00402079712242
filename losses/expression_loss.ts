import type * as tf from "@tensorflow/tfjs";
import { crossEntropy } from "./_cross_entropy.ts";
import { checkLabels, checkMatrix } from "./_labels.ts";

/** Options of {@linkcode expressionLoss}. */
export interface ExpressionLossOptions {
  /**
   * A weight >= 0 for each of the L classes. The loss is then the weighted mean of PyTorch's
   * `cross_entropy(weight=...)`: sum of w[y_i] * loss_i divided by the sum of w[y_i].
   *
   * @default {undefined} every class weighs the same
   */
  classWeights?: readonly number[] | undefined;
}

/**
 * The expression classification loss L_c: softmax cross entropy, mean over the batch.
 *
 * Eq. 1 of Xia & Wang (IJCAI 2021): L_c = -(1/n) sum_i log softmax(logits_i)[y_i]. Class weights are an addition
 * of ours. The loss is computed from shifted logits, so it stays finite for logits up to 1e38 in size. A batch of one sample is
 * its own mean; a batch whose samples all have weight 0 gives 0, with no gradient (PyTorch gives NaN).
 *
 * @param logits (n, L) float32.
 * @param labels (n) int32 in [0, L). The range is not checked on the webgpu and webgl engines.
 * @returns A scalar >= 0.
 * @throws {TypeError} If ranks or types are not as above.
 * @throws {RangeError} If the batch is empty, the lengths differ, a label is out of range, or a weight is missing,
 * negative or not finite.
 *
 * @example
 * ```ts
 * import { expressionLoss } from "@macro2micro/mer/losses";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const logits = tf.tensor2d([[0, 0, 0]]);
 * const loss = expressionLoss(logits, tf.tensor1d([1], "int32"));
 * assertAlmostEquals(loss.dataSync()[0]!, Math.log(3), 1e-6);
 * ```
 */
export function expressionLoss(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
  options: ExpressionLossOptions = {},
): tf.Scalar {
  const task = "compute expression loss";
  const [n, classes] = checkMatrix(task, "logits", logits);
  checkLabels(task, labels, n, classes);
  const weights = options.classWeights;
  if (weights !== undefined) {
    if (weights.length !== classes) {
      throw new RangeError(
        `Cannot ${task}: classWeights must have ${classes} numbers, current length is ${weights.length}`,
      );
    }
    const wrong = weights.find((w) => !(w >= 0 && w < Infinity));
    if (wrong !== undefined) {
      throw new RangeError(`Cannot ${task}: classWeights must be finite and >= 0, current value is ${wrong}`);
    }
  }
  return crossEntropy(logits, labels, weights);
}
