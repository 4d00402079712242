import * as tf from "@tensorflow/tfjs";
import type { Clip } from "../../types.ts";

/** The input of the two-stream network. */
export interface ClipBatch {
  /** (n, h, w, C) */
  readonly apex: tf.Tensor4D;
  /** (n, T, h, w, C) */
  readonly frames: tf.Tensor5D;
}

/** torchvision's mean and deviation of ImageNet, for values 0..1. */
const imagenet = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

/** How pixels become inputs; both come from the pipeline's `clip`. */
export interface Normalisation {
  /**
   * `imagenet`: torchvision's mean and deviation a channel (grey: their means); `clip`: each clip, its frames and apex alike,
   * by the mean and deviation of its own frames.
   */
  readonly normalise: "imagenet" | "clip";
  /** `onset`: every frame and the apex less the clip's first frame, so that what stays the same is 0. */
  readonly reference: "none" | "onset";
}

/**
 * Clips as one batch of normalised tensors. The caller disposes them. Nothing is measured over several clips, so nothing of a
 * test clip can reach the training.
 */
export function clipBatch(clips: readonly Clip[], normalisation: Normalisation): ClipBatch {
  const first = clips[0];
  if (!first) throw new RangeError("Cannot make a batch: it needs at least one clip, found 0");
  const [T, h, w, C] = first.shape;
  const image = h * w * C;
  const frames = new Float32Array(clips.length * T * image);
  const apex = new Float32Array(clips.length * image);
  clips.forEach((clip, n) => {
    if (clip.shape.join() !== first.shape.join()) {
      throw new RangeError(`Cannot make a batch: clips differ in shape, ${first.shape} and ${clip.shape}`);
    }
    const onset = normalisation.reference === "onset" ? clip.pixels.subarray(0, image) : undefined;
    const scales = normalisation.normalise === "clip"
      ? [clipScale(clip.pixels, onset)]
      : Array.from({ length: C }, (_, c) => imagenetScale(C, c));
    // Against the onset, 0 means "as before" and stays 0: only the scale counts.
    const tables = scales.map(({ factor, shift }) => scaleTable(factor, onset ? 0 : shift));
    scaleInto(frames.subarray(n * T * image, (n + 1) * T * image), clip.pixels, onset, tables);
    scaleInto(apex.subarray(n * image, (n + 1) * image), clip.apex, onset, tables);
  });
  return {
    frames: tf.tensor5d(frames, [clips.length, T, h, w, C]),
    apex: tf.tensor4d(apex, [clips.length, h, w, C]),
  };
}

interface Scale {
  readonly factor: number;
  readonly shift: number;
}

/** Values, which are whole numbers -255..255, at 255 plus them: looking up is faster than reckoning, and the same. */
function scaleTable(factor: number, shift: number): Float32Array {
  return Float32Array.from({ length: 511 }, (_, i) => (i - 255) * factor + shift);
}

/** Pixels, less the reference over and over where there is one, by the tables of their channels in turn. */
function scaleInto(
  target: Float32Array,
  pixels: Uint8Array,
  reference: Uint8Array | undefined,
  tables: readonly Float32Array[],
): void {
  const step = tables.length;
  for (let c = 0; c < step; c++) {
    const table = tables[c] as Float32Array;
    if (reference === undefined) {
      for (let i = c; i < pixels.length; i += step) target[i] = table[255 + pixels[i]!]!;
      continue;
    }
    for (let start = 0; start < pixels.length; start += reference.length) {
      for (let k = c; k < reference.length; k += step) {
        target[start + k] = table[255 + pixels[start + k]! - reference[k]!]!;
      }
    }
  }
}

/** Squares of this many pixels add up to less than 2^31. */
const block = 1 << 14;

/** To mean 0 and deviation 1; the sums are of whole numbers, so exact. */
function clipScale(pixels: Uint8Array, reference: Uint8Array | undefined): Scale {
  let sum = 0, squares = 0;
  const length = reference?.length ?? pixels.length;
  for (let start = 0; start < pixels.length; start += length) {
    for (let from = 0; from < length; from += block) {
      let [blockSum, blockSquares] = [0, 0];
      for (let k = from, end = Math.min(from + block, length); k < end; k++) {
        const p = pixels[start + k]! - (reference === undefined ? 0 : reference[k]!);
        blockSum = (blockSum + p) | 0;
        blockSquares = (blockSquares + Math.imul(p, p)) | 0;
      }
      sum += blockSum;
      squares += blockSquares;
    }
  }
  const mean = sum / pixels.length;
  const deviation = Math.sqrt(Math.max(squares / pixels.length - mean * mean, 1)); // a blank clip must stay finite
  return { factor: 1 / deviation, shift: -mean / deviation };
}

function imagenetScale(C: number, c: number): Scale {
  const average = (v: number[]) => v.reduce((a, b) => a + b) / v.length;
  const mean = C === 3 ? imagenet.mean[c] as number : average(imagenet.mean);
  const deviation = C === 3 ? imagenet.deviation[c] as number : average(imagenet.deviation);
  return { factor: 1 / (255 * deviation), shift: -mean / deviation };
}
