import * as tf from "@tensorflow/tfjs";
import { checkLabels, checkMatrix } from "./_labels.ts";

/** Options of {@linkcode marginLoss}. */
export interface MarginLossOptions {
  /** m+: the right class's capsule should be at least so long. @default {0.9} */
  readonly present?: number;
  /** m-: every other capsule should be at most so long. @default {0.1} */
  readonly absent?: number;
  /** lambda: what the other classes weigh. @default {0.5} */
  readonly weight?: number;
}

/**
 * The margin loss of capsule networks (Sabour, Frosst, Hinton 2017, Eq. 4), mean over the batch: for a clip of class y with capsule lengths |v_k|,
 * L = max(0, m+ - |v_y|)^2 + lambda sum over k != y of max(0, |v_k| - m-)^2. What CapsuleNet trains with; the reconstruction of the
 * image that Sabour et al. add is not part of it there.
 *
 * @param lengths (n, L) float32, each in [0, 1].
 * @param labels (n) int32 in [0, L). The range is not checked on the webgpu and webgl engines.
 * @returns A scalar >= 0.
 * @throws {TypeError} If ranks or types are not as above.
 * @throws {RangeError} If the batch is empty, the lengths of the two differ, or a label is out of range.
 *
 * @example
 * ```ts
 * import { marginLoss } from "@macro2micro/mer/losses";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const loss = marginLoss(tf.tensor2d([[0.8, 0.3, 0]]), tf.tensor1d([0], "int32"));
 * assertAlmostEquals(loss.dataSync()[0]!, 0.1 ** 2 + 0.5 * 0.2 ** 2, 1e-6);
 * ```
 */
export function marginLoss(
  lengths: tf.Tensor2D,
  labels: tf.Tensor1D,
  options: MarginLossOptions = {},
): tf.Scalar {
  const { present = 0.9, absent = 0.1, weight = 0.5 } = options;
  const [n, classes] = checkMatrix("compute margin loss", "lengths", lengths);
  checkLabels("compute margin loss", labels, n, classes);
  return tf.tidy(() => {
    const right = tf.cast(tf.oneHot(labels, classes), "float32"); // (n, L); as float32 it is wrong on wasm
    const short = tf.mul(right, tf.square(tf.relu(tf.sub(present, lengths))));
    const long = tf.mul(tf.sub(1, right), tf.square(tf.relu(tf.sub(lengths, absent))));
    return tf.div(tf.sum(tf.add(short, tf.mul(long, weight))), n) as tf.Scalar;
  });
}
