import type { Tensor4D, Tensor5D } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { combineFrames } from "./_combine_frames.ts";
import { checkIntervals, framesOfInterval } from "./_intervals.ts";

/** How frames at an interval become a feature map. */
export interface IntervalFeaturesOptions {
  /** `"mean"` over the interval's frames, or `"sequence"`: `length` frames side by side in the channels. @default {"mean"} */
  readonly kind?: "mean" | "sequence";
  /** The first frame for each interval s, 0 <= offset < s. @default {zeros} */
  readonly offsets?: readonly number[];
  /** K, the number of frames of a sequence; required for `"sequence"`. */
  readonly length?: number;
}

/**
 * Interval features v(s) of section 2.4 (Xia & Wang 2021): the aggregate of frames o, o + s, o + 2s, ... for each
 * interval s, with o its offset. `frames` (n, T, h, w, C) -> one map for each interval: (n, h, w, C) as the mean over
 * the frames below T, or (n, h, w, K C) as a sequence of K frames, frame 0's channels first.
 *
 * The paper names no aggregate; the mean is the default here. Without offsets the phase of the mean alone gives s
 * away; a sequence has the same number of frames at every s.
 *
 * @throws {RangeError} When an interval, an offset or the length is impossible, or a sequence leaves the clip.
 *
 * @example
 * ```ts
 * import { intervalFeatures } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const frames = tf.tensor5d([0, 1, 2, 3], [1, 4, 1, 1, 1]);
 * const [v1, v2] = intervalFeatures(frames, [1, 2]);
 * assertEquals([v1?.dataSync()[0], v2?.dataSync()[0]], [1.5, 1]);
 * ```
 */
export function intervalFeatures(
  frames: Tensor5D,
  intervals: readonly number[],
  options: IntervalFeaturesOptions = {},
): Tensor4D[] {
  const { kind = "mean", offsets, length } = options;
  const [n, T, h, w, channels] = frames.shape;
  const what = "make interval features";
  if (kind === "sequence" && length === undefined) {
    throw new RangeError(`Cannot ${what}: a sequence needs its length, current value is undefined`);
  }
  const K = kind === "sequence" ? length : undefined;
  checkIntervals(what, T, intervals, offsets, K);
  if (intervals.length === 0) return [];
  const chosen = intervals.map((s, i) => framesOfInterval(T, s, offsets?.[i] ?? 0, K));
  if (K === undefined) {
    const maps = combineFrames(frames, chosen.map((list) => weigh(T, list, 1 / list.length))); // (s_c, n, h, w, C)
    return tf.split(maps, intervals.length).map((map) => map.reshape([n, h, w, channels]));
  }
  const rows = chosen.flatMap((list) => list.map((frame) => weigh(T, [frame], 1)));
  return tf.split(combineFrames(frames, rows), intervals.length) // each (K, n, h, w, C)
    .map((maps) =>
      maps.reshape([K, n, h * w, channels]).transpose([1, 2, 0, 3]) // -> (n, hw, K, C)
        .reshape([n, h, w, K * channels])
    );
}

/** One row of T weights: `weight` at the listed frames, else 0. */
function weigh(T: number, frames: readonly number[], weight: number): number[] {
  const row = new Array<number>(T).fill(0);
  for (const frame of frames) row[frame] = weight;
  return row;
}
