import type { Tensor2D, Tensor4D, Tensor5D } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { Model } from "../types.ts";
import { checkPositiveInteger } from "./_check.ts";
import { combineFrames } from "./_combine_frames.ts";
import { globalMeanPool } from "./_global_mean_pool.ts";
import { checkIntervals, framesOfInterval, powersOfTwo } from "./_intervals.ts";
import { linear } from "./_linear.ts";
import { defineModel, weightAndBias } from "./_parameters.ts";
import { trunk, trunkParameters, trunkSettings } from "./_trunk.ts";
import { intervalFeatures } from "./interval_features.ts";
import type { ResNet18Options } from "./resnet18.ts";

/** The shape of a two-stream network. */
export interface TwoStreamOptions extends ResNet18Options {
  /** Number of classes L. */
  readonly classes: number;
  /** The video feature in z: the `"mean"` over all frames (section 2.2), or the mean of v(s) over the `"intervals"` (2.4). @default {"mean"} */
  readonly videoFeature?: "mean" | "intervals";
  /** s_c, the number of intervals s = 1, 2, 4, ..., 2^(s_c - 1). @default {3} */
  readonly intervals?: number;
  /** v(s) as the mean of its frames, or as a sequence of K frames in the channels. @default {"mean"} */
  readonly intervalKind?: "mean" | "sequence";
  /** K, the frames of a sequence; required with `intervalKind: "sequence"`. */
  readonly sequenceLength?: number;
  /** Whether `intervalMaps` are computed; the heads C_s and D_t need them, testing does not. @default {true} */
  readonly intervalMaps?: boolean;
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

/** What a two-stream network makes of clips. */
export interface TwoStreamOutput {
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
}

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
  const { classes, videoFeature = "mean", intervals = 3, intervalKind = "mean", sequenceLength } = options;
  checkPositiveInteger(what, "classes", classes);
  checkPositiveInteger(what, "intervals", intervals);
  if (intervalKind === "sequence") checkPositiveInteger(what, "sequenceLength", sequenceLength ?? NaN);
  const K = intervalKind === "sequence" ? sequenceLength : undefined;
  const settings = trunkSettings(what, options);
  const spacing = powersOfTwo(intervals);
  const wantsMaps = options.intervalMaps ?? true;
  const wantsIntervals = wantsMaps || videoFeature === "intervals";

  const specs = [
    ...trunkParameters("spatial.", settings),
    ...trunkParameters("temporal.", settings),
    ...weightAndBias("classifier", [16 * settings.width, classes]),
  ];
  return defineModel(specs, (params, { apex, frames, offsets }, mode) => {
    const [n, T, ...image] = frames.shape;
    if (wantsIntervals) checkIntervals("apply twoStream", T, spacing, offsets, K);
    const apexMap = trunk(params, "spatial.", settings, apex, mode);
    const maps = trunk(params, "temporal.", settings, frames.reshape([n * T, ...image]), mode); // (nT, h', w', C')
    const frameMaps = maps.reshape<Tensor5D>([n, T, ...maps.shape.slice(1)]);
    const intervalMaps = wantsMaps
      ? intervalFeatures(frameMaps, spacing, {
        kind: intervalKind,
        ...(offsets === undefined ? {} : { offsets }),
        ...(K === undefined ? {} : { length: K }),
      })
      : [];
    // Pooling and averaging over frames are linear, so they commute: frames are pooled once and averaged small.
    const weights = videoFeature === "mean"
      ? new Array<number>(T).fill(1 / T)
      : intervalWeights(T, spacing, offsets, K);
    const pooled = globalMeanPool(maps).reshape([n, T, -1]); // (nT, C') -> (n, T, C')
    const video = combineFrames(pooled, [weights]).reshape<Tensor2D>([n, -1]); // (1, n, C') -> (n, C')
    const z = tf.concat([globalMeanPool(apexMap), video], 1);
    return { apexMap, frameMaps, intervalMaps, z, logits: linear(params, "classifier", z) };
  });
}

/** Each frame's weight in the mean over s of the mean over the frames of v(s). */
function intervalWeights(
  T: number,
  spacing: readonly number[],
  offsets?: readonly number[],
  K?: number,
): number[] {
  const weights = new Array<number>(T).fill(0);
  spacing.forEach((s, i) => {
    const chosen = framesOfInterval(T, s, offsets?.[i] ?? 0, K);
    for (const t of chosen) weights[t] = (weights[t] as number) + 1 / (chosen.length * spacing.length);
  });
  return weights;
}
