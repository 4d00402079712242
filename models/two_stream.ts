import type { Tensor2D, Tensor4D, Tensor5D } from "@tensorflow/tfjs";
import type { Model } from "../types.ts";
import { checkPositiveInteger } from "./_check.ts";
import { linear } from "./_linear.ts";
import { defineModel, weightAndBias } from "./_parameters.ts";
import { temporalMaps, trunk, trunkParameters, trunkSettings } from "./_trunk.ts";
import { checkFrames, checkFuseOptions, fuse, type FuseOptions } from "./fuse.ts";
import type { ResNet18Options } from "./resnet18.ts";

/** The shape of a two-stream network. */
export interface TwoStreamOptions extends ResNet18Options, FuseOptions {
  /** Number of classes L. */
  readonly classes: number;
}

/** Clips as the two streams see them. */
export interface TwoStreamInput {
  /** The apex frames, (n, h, w, C). */
  readonly apex: Tensor4D;
  /** All frames, (n, T, h, w, C). */
  readonly frames: Tensor5D;
  /** The first frame for each interval s, 0 <= offset < s. @default {zeros} */
  readonly offsets?: readonly number[];
}

/** What a two-stream network makes of clips; a type, not an interface, so that `tf.tidy` may return it. */
export type TwoStreamOutput = {
  /** f^A, (n, h', w', C'). */
  readonly apexMap: Tensor4D;
  /** f^1 ... f^T, (n, T, h', w', C'). */
  readonly frameMaps: Tensor5D;
  /** v(s) for each interval, (n, h', w', C') or, as sequences, (n, h', w', K C'); empty when switched off. */
  readonly intervalMaps: Tensor4D[];
  /** concat(pool(f^A), pool(v)), (n, 2 C'). */
  readonly z: Tensor2D;
  /** C_e(z), (n, L). */
  readonly logits: Tensor2D;
};

/**
 * The two-stream network of Xia & Wang 2021, section 2.2 (MaNet and MiNet have this form): a {@link resnet18} `spatial`
 * on the apex frame, a second one `temporal` on every frame, the pooled maps side by side in z, a linear `classifier`.
 * C' = 8 width. The pool is the mean over the map.
 *
 * The paper leaves open how v(s) are aggregated: `videoFeature: "intervals"` takes their mean over s. A sequence v(s)
 * has K C' channels; for z its K frames are averaged first, so that z has 2 C' entries in every variant.
 *
 * @throws {RangeError} When a size is not a positive integer, or, on applying, when an offset or a sequence leaves the
 * clip: (K - 1) 2^(s_c - 1) must be below T.
 *
 * @example
 * ```ts
 * import { twoStream } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const model = twoStream({ classes: 3, width: 4, stem: "small", videoFeature: "intervals" });
 * const params = model.init(1);
 * const input = { apex: tf.ones<tf.Rank.R4>([2, 8, 8, 3]), frames: tf.ones<tf.Rank.R5>([2, 4, 8, 8, 3]) };
 * const { z, logits, intervalMaps } = model.apply(params, input, "infer");
 * assertEquals([z.shape, logits.shape, intervalMaps.length], [[2, 64], [2, 3], 3]);
 * ```
 */
export function twoStream(options: TwoStreamOptions): Model<TwoStreamInput, TwoStreamOutput> {
  const what = "describe twoStream";
  const { classes } = options;
  checkPositiveInteger(what, "classes", classes);
  checkFuseOptions(what, options);
  const settings = trunkSettings(what, options);
  const specs = [
    ...trunkParameters("spatial.", settings),
    ...trunkParameters("temporal.", settings),
    ...weightAndBias("classifier", [16 * settings.width, classes]),
  ];
  return defineModel(specs, (params, { apex, frames, offsets }, mode) => {
    checkFrames("apply twoStream", frames.shape[1], options, offsets);
    const apexMap = trunk(params, "spatial.", settings, apex, mode);
    const frameMaps = temporalMaps(params, settings, frames, mode);
    const { intervalMaps, z } = fuse({ apexMap, frameMaps }, options, offsets);
    return { apexMap, frameMaps, intervalMaps, z, logits: linear(params, "classifier", z) };
  });
}
