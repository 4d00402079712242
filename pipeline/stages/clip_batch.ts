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

/**
 * Clips as one batch of normalised tensors. The caller disposes them.
 *
 * @param normalise `imagenet`: torchvision's mean and deviation a channel (grey: their means); `clip`: each clip, its
 * frames and apex alike, by the mean and deviation of its own frames. Nothing is measured over several clips, so
 * nothing of a test clip can reach the training.
 */
export function clipBatch(clips: readonly Clip[], normalise: "imagenet" | "clip"): ClipBatch {
  const first = clips[0];
  if (!first) throw new RangeError("Cannot make a batch: it needs at least one clip, found 0");
  const [T, h, w, C] = first.shape;
  const frames = new Float32Array(clips.length * T * h * w * C);
  const apex = new Float32Array(clips.length * h * w * C);
  clips.forEach((clip, n) => {
    if (clip.shape.join() !== first.shape.join()) {
      throw new RangeError(`Cannot make a batch: clips differ in shape, ${first.shape} and ${clip.shape}`);
    }
    const scales = Array.from(
      { length: C },
      (_, c) => normalise === "clip" ? clipScale(clip.pixels) : imagenetScale(C, c),
    );
    fill(frames, n * T * h * w * C, clip.pixels, scales);
    fill(apex, n * h * w * C, clip.apex, scales);
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

function fill(target: Float32Array, start: number, pixels: Uint8Array, scales: readonly Scale[]): void {
  const C = scales.length;
  for (let c = 0; c < C; c++) {
    const { factor, shift } = scales[c] as Scale;
    for (let i = c; i < pixels.length; i += C) target[start + i] = (pixels[i] as number) * factor + shift;
  }
}

function clipScale(pixels: Uint8Array): Scale {
  let sum = 0, squares = 0;
  for (const p of pixels) {
    sum += p;
    squares += p * p;
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
