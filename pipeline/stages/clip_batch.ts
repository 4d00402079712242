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
    const ownFrames = frames.subarray(n * T * image, (n + 1) * T * image);
    const ownApex = apex.subarray(n * image, (n + 1) * image);
    if (normalisation.reference === "none") {
      ownFrames.set(clip.pixels);
      ownApex.set(clip.apex);
    } else {
      subtract(clip.pixels, clip.pixels.subarray(0, image), ownFrames);
      subtract(clip.apex, clip.pixels.subarray(0, image), ownApex);
    }
    const scales = normalisation.normalise === "clip"
      ? [clipScale(ownFrames)]
      : Array.from({ length: C }, (_, c) => imagenetScale(C, c));
    // Against the onset, 0 means "as before" and stays 0: only the scale counts.
    const shifted = normalisation.reference === "none"
      ? scales
      : scales.map(({ factor }) => ({ factor, shift: 0 }));
    rescale(ownFrames, shifted);
    rescale(ownApex, shifted);
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

/** pixels - reference, the reference over and over. */
function subtract(pixels: Uint8Array, reference: Uint8Array, target: Float32Array): void {
  for (let start = 0; start < pixels.length; start += reference.length) {
    for (let i = 0; i < reference.length; i++) {
      target[start + i] = (pixels[start + i] as number) - (reference[i] as number);
    }
  }
}

/** In place, channel c by scales[c mod their number]. */
function rescale(values: Float32Array, scales: readonly Scale[]): void {
  const n = scales.length;
  for (let c = 0; c < n; c++) {
    const { factor, shift } = scales[c] as Scale;
    for (let i = c; i < values.length; i += n) values[i] = (values[i] as number) * factor + shift;
  }
}

function clipScale(values: Float32Array): Scale {
  let sum = 0, squares = 0;
  for (const p of values) {
    sum += p;
    squares += p * p;
  }
  const mean = sum / values.length;
  const deviation = Math.sqrt(Math.max(squares / values.length - mean * mean, 1)); // a blank clip must stay finite
  return { factor: 1 / deviation, shift: -mean / deviation };
}

function imagenetScale(C: number, c: number): Scale {
  const average = (v: number[]) => v.reduce((a, b) => a + b) / v.length;
  const mean = C === 3 ? imagenet.mean[c] as number : average(imagenet.mean);
  const deviation = C === 3 ? imagenet.deviation[c] as number : average(imagenet.deviation);
  return { factor: 1 / (255 * deviation), shift: -mean / deviation };
}
