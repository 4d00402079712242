import type { Tensor2D, Tensor4D, Tensor5D } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { checkPositiveInteger } from "./_check.ts";
import { combineFrames } from "./_combine_frames.ts";
import { globalMeanPool } from "./_global_mean_pool.ts";
import { checkIntervals, framesOfInterval, powersOfTwo } from "./_intervals.ts";
import { intervalFeatures } from "./interval_features.ts";

/** How the maps of the streams become one feature. */
export interface FuseOptions {
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

/** The maps of the streams that a network has, one or both. */
export interface StreamMaps {
  /** f^A, (n, h', w', C'). */
  readonly apexMap?: Tensor4D;
  /** f^1 ... f^T, (n, T, h', w', C'). */
  readonly frameMaps?: Tensor5D;
}

/** What the classifier and the heads read. */
export interface FusedFeatures {
  /** v(s) for each interval, (n, h', w', C') or, as sequences, (n, h', w', K C'); empty without a temporal stream or when switched off. */
  readonly intervalMaps: Tensor4D[];
  /** concat(pool(f^A), pool(v)), (n, 2 C'), or the part of the one stream, (n, C'). */
  readonly z: Tensor2D;
}

/**
 * Fuses the maps of the streams: z = concat(pool(f^A), pool(v)) of section 2.2 and v(s) of section 2.4. A frozen MaNet's
 * maps can be kept and fused again, with other offsets, at every step.
 *
 * @param offsets The first frame for each interval s, 0 <= offset < s; zeros where absent.
 * @throws {RangeError} When there are no maps, or an offset or a sequence leaves the clip.
 *
 * @example
 * ```ts
 * import { fuse } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const frameMaps = tf.tensor5d([0, 1, 2, 3], [1, 4, 1, 1, 1]);
 * const { z } = fuse({ frameMaps }, { videoFeature: "intervals", intervals: 2 });
 * assertEquals(z.dataSync()[0], (1.5 + 1) / 2); // v(1) is the mean of all, v(2) of frames 0 and 2
 * ```
 */
export function fuse(
  maps: StreamMaps,
  options: FuseOptions = {},
  offsets?: readonly number[],
): FusedFeatures {
  const { apexMap, frameMaps } = maps;
  if (!apexMap && !frameMaps) {
    throw new RangeError("Cannot fuse features: there are no maps of either stream");
  }
  const K = sequenceFrames(options);
  const pooled: Tensor2D[] = apexMap ? [globalMeanPool(apexMap)] : [];
  let intervalMaps: Tensor4D[] = [];
  if (frameMaps) {
    const [n, T, ...map] = frameMaps.shape;
    const spacing = powersOfTwo(options.intervals ?? 3);
    checkFrames("fuse features", T, options, offsets);
    if (options.intervalMaps ?? true) {
      intervalMaps = intervalFeatures(frameMaps, spacing, {
        kind: options.intervalKind ?? "mean",
        ...(offsets === undefined ? {} : { offsets }),
        ...(K === undefined ? {} : { length: K }),
      });
    }
    // Pooling and averaging over frames are linear, so they commute: frames are pooled once and averaged small.
    const weights = (options.videoFeature ?? "mean") === "mean"
      ? new Array<number>(T).fill(1 / T)
      : intervalWeights(T, spacing, offsets, K);
    const frames = globalMeanPool(frameMaps.reshape<Tensor4D>([n * T, ...map])).reshape([n, T, -1]); // (nT, C') -> (n, T, C')
    pooled.push(combineFrames(frames, [weights]).reshape<Tensor2D>([n, -1])); // (1, n, C') -> (n, C')
  }
  return { intervalMaps, z: pooled.length === 1 ? pooled[0] as Tensor2D : tf.concat(pooled, 1) };
}

/** Throws a RangeError for impossible options. */
export function checkFuseOptions(what: string, options: FuseOptions): void {
  checkPositiveInteger(what, "intervals", options.intervals ?? 3);
  if (options.intervalKind === "sequence") {
    checkPositiveInteger(what, "sequenceLength", options.sequenceLength ?? NaN);
  }
}

/** Throws a RangeError when an interval that will be used leaves a clip of T frames: before any convolution is run. */
export function checkFrames(
  what: string,
  T: number,
  options: FuseOptions,
  offsets?: readonly number[],
): void {
  if (options.videoFeature !== "intervals" && options.intervalMaps === false) return;
  checkIntervals(what, T, powersOfTwo(options.intervals ?? 3), offsets, sequenceFrames(options));
}

function sequenceFrames(options: FuseOptions): number | undefined {
  return options.intervalKind === "sequence" ? options.sequenceLength : undefined;
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
