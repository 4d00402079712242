import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs";
import type { Model } from "../types.ts";
import { checkPositiveInteger } from "./_check.ts";
import { head } from "./_head.ts";

/** The shape of a relation classifier. */
export interface RelationClassifierOptions {
  /** Channels C of v(s), a multiple of 8: 8 times the backbone's width, times K for sequences. */
  readonly channels: number;
  /** s_c, the number of intervals to tell apart. @default {3} */
  readonly intervals?: number;
}

/**
 * The head C_s of Xia & Wang 2021 (Eq. 3): which interval made v(s)? The layers of {@link domainDiscriminator} with
 * s_c outputs: (n, h, w, C) -> logits (n, s_c).
 *
 * @throws {RangeError} When `channels` is not a positive multiple of 8 or `intervals` not a positive integer.
 *
 * @example
 * ```ts
 * import { relationClassifier } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const model = relationClassifier({ channels: 32, intervals: 3 });
 * assertEquals(model.apply(model.init(1), tf.zeros([2, 3, 3, 32]), "infer").shape, [2, 3]);
 * ```
 */
export function relationClassifier(options: RelationClassifierOptions): Model<Tensor4D, Tensor2D> {
  const { channels, intervals = 3 } = options;
  checkPositiveInteger("describe relationClassifier", "intervals", intervals);
  return head("describe relationClassifier", channels, intervals);
}
