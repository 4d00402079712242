import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs";
import type { Model } from "../types.ts";
import { head } from "./_head.ts";

/** The shape of a domain discriminator. */
export interface DomainDiscriminatorOptions {
  /** Channels C of the map it reads, a multiple of 8: 8 times the backbone's width. */
  readonly channels: number;
}

/**
 * The heads D_s and D_t of Xia & Wang 2021 (section 2.3, 2.4): is a feature map of a micro-expression (1) or of a macro
 * one (0)? Convolutions 3x3 from C to C/2, C/4, C/8 channels, LeakyReLU 0.2 after each, the mean over the map, a linear
 * layer: (n, h, w, C) -> logit (n, 1). The paper gives no layers; these follow DESIGN.md. Weights and biases are drawn
 * as PyTorch does by default, uniform within 1 / sqrt(fan in).
 *
 * @throws {RangeError} When `channels` is not a positive multiple of 8.
 *
 * @example
 * ```ts
 * import { domainDiscriminator } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const model = domainDiscriminator({ channels: 32 });
 * assertEquals(model.apply(model.init(1), tf.zeros([2, 3, 3, 32]), "infer").shape, [2, 1]);
 * ```
 */
export function domainDiscriminator(options: DomainDiscriminatorOptions): Model<Tensor4D, Tensor2D> {
  return head("describe domainDiscriminator", options.channels, 1);
}
