/**
 * The losses of the macro-to-micro transformation framework (Xia & Wang, IJCAI 2021), one equation each: pure functions of
 * tensors. Labels are int32 tensors, results are scalars, batches must not be empty, and every other degenerate batch has a
 * finite, documented value. They work on whatever backend of `@tensorflow/tfjs` is set.
 *
 * | loss | equation | function |
 * |---|---|---|
 * | L_c, expression | 1 | {@linkcode expressionLoss} |
 * | L_s, spatial domain | 2 | {@linkcode domainLoss} behind {@linkcode gradientReversal} |
 * | L_sam, sampling interval | 3 | {@linkcode relationLoss} |
 * | L_t, temporal domain | 4 | {@linkcode domainLoss} behind {@linkcode gradientReversal} |
 * | L_con, contrastive | 5-7 | {@linkcode contrastiveLoss} |
 * | L, overall | 8 | {@linkcode overallLoss} |
 *
 * Beside them {@linkcode marginLoss}, which the comparison method CapsuleNet trains with.
 *
 * @example
 * ```ts
 * import { domainLoss, expressionLoss, gradientReversal, overallLoss } from "@macro2micro/mer/losses";
 * import { assert } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const logits = tf.tensor2d([[2, 0, -1], [0, 1, 0]]);
 * const features = tf.tensor2d([[1, 0], [0, 1]]);
 * const discriminator = tf.tensor2d([[0.5], [-0.5]]);
 * const loss = overallLoss({
 *   expression: expressionLoss(logits, tf.tensor1d([0, 1], "int32")),
 *   spatial: domainLoss(tf.matMul(gradientReversal(features, 1), discriminator), tf.tensor1d([1, 0], "int32")),
 * });
 * assert(loss.dataSync()[0]! > 0);
 * ```
 *
 * @module
 */
export * from "./contrastive_loss.ts";
export * from "./domain_loss.ts";
export * from "./expression_loss.ts";
export * from "./gradient_reversal.ts";
export * from "./grl_schedule.ts";
export * from "./margin_loss.ts";
export * from "./overall_loss.ts";
export * from "./relation_loss.ts";
