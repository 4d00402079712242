import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { seededRandom } from "../../../engine/mod.ts";
import { clipBatch } from "../../../pipeline/stages/clip_batch.ts";
import type { Clip } from "../../../types.ts";
import { assertClose, useEngine } from "../../_engine.ts";

await useEngine();

function randomClip(shape: Clip["shape"], seed: number, low = 0, high = 256): Clip {
  const random = seededRandom(seed);
  const [T, h, w, C] = shape;
  const draw = (n: number) => Uint8Array.from({ length: n }, () => low + random.integer(high - low));
  return { shape, pixels: draw(T * h * w * C), apex: draw(h * w * C) };
}

function valuesOf(clips: readonly Clip[], how: Parameters<typeof clipBatch>[1]) {
  const { frames, apex } = clipBatch(clips, how);
  const found = { frames: [...frames.dataSync()], apex: [...apex.dataSync()], shape: frames.shape };
  tf.dispose([frames, apex]);
  return found;
}

Deno.test("clipBatch brings each clip to mean 0 and deviation 1 by its own frames, the apex with them", () => {
  const clips = [randomClip([3, 4, 4, 3], 1), randomClip([3, 4, 4, 3], 2, 90, 120)];
  const { frames, apex, shape } = valuesOf(clips, { normalise: "clip", reference: "none" });
  assertEquals(shape, [2, 3, 4, 4, 3]);
  for (const [n, clip] of clips.entries()) {
    const own = frames.slice(n * 144, (n + 1) * 144);
    const mean = own.reduce((a, b) => a + b) / 144;
    const deviation = Math.sqrt(own.reduce((a, b) => a + (b - mean) ** 2, 0) / 144);
    assertClose([mean, deviation], [0, 1], 1e-5);
    const m = clip.pixels.reduce((a, b) => a + b) / 144;
    const d = Math.sqrt(clip.pixels.reduce((a, b) => a + (b - m) ** 2, 0) / 144);
    assertClose(own, [...clip.pixels].map((p) => (p - m) / d), 1e-5);
    assertClose(apex.slice(n * 48, (n + 1) * 48), [...clip.apex].map((p) => (p - m) / d), 1e-5);
  }
});

Deno.test("clipBatch uses torchvision's numbers for imagenet, their means for grey", () => {
  const mean = [0.485, 0.456, 0.406], deviation = [0.229, 0.224, 0.225];
  const colour = randomClip([2, 2, 2, 3], 3);
  const { frames, apex } = valuesOf([colour], { normalise: "imagenet", reference: "none" });
  const expected = (p: number, i: number) => (p / 255 - mean[i % 3]!) / deviation[i % 3]!;
  assertClose(frames, [...colour.pixels].map(expected), 1e-5);
  assertClose(apex, [...colour.apex].map(expected), 1e-5);
  const grey = randomClip([2, 2, 2, 1], 4);
  assertClose(
    valuesOf([grey], { normalise: "imagenet", reference: "none" }).frames,
    [...grey.pixels].map((p) => (p / 255 - (0.485 + 0.456 + 0.406) / 3) / ((0.229 + 0.224 + 0.225) / 3)),
    1e-5,
  );
});

Deno.test("clipBatch against the onset: the first frame is 0, the others differences over their deviation", () => {
  const clip = randomClip([3, 2, 2, 1], 5);
  const { frames, apex } = valuesOf([clip], { normalise: "clip", reference: "onset" });
  const onset = clip.pixels.subarray(0, 4);
  const differences = [...clip.pixels].map((p, i) => p - onset[i % 4]!);
  const mean = differences.reduce((a, b) => a + b) / 12;
  const deviation = Math.sqrt(differences.reduce((a, b) => a + (b - mean) ** 2, 0) / 12);
  assertEquals(frames.slice(0, 4), [0, 0, 0, 0]);
  assertClose(frames, differences.map((p) => p / deviation), 1e-5);
  assertClose(apex, [...clip.apex].map((p, i) => (p - onset[i]!) / deviation), 1e-5);
});

Deno.test("clipBatch gives the bits of (p - mean) / deviation reckoned pixel by pixel in double precision", () => {
  const clip = randomClip([2, 150, 130, 3], 8); // more pixels than are summed at once
  const plain = (values: number[], factor: number, shift: number) =>
    values.map((p) => Math.fround(p * factor + shift));
  for (const reference of ["none", "onset"] as const) {
    const onset = clip.pixels.subarray(0, 58_500);
    const less = (pixels: Uint8Array) =>
      Array.from(pixels, (p, i) => reference === "onset" ? p - onset[i % onset.length]! : p);
    const own = less(clip.pixels), n = own.length;
    const mean = own.reduce((a, b) => a + b) / n;
    const deviation = Math.sqrt(own.reduce((a, b) => a + b * b, 0) / n - mean * mean);
    const shift = reference === "onset" ? 0 : -mean / deviation;
    const { frames, apex } = valuesOf([clip], { normalise: "clip", reference });
    // Not assertEquals: it would take minutes to show how so many numbers differ.
    const differing = (found: number[], expected: number[]) => found.findIndex((x, i) => x !== expected[i]);
    assertEquals(frames.length, own.length);
    assertEquals(differing(frames, plain(own, 1 / deviation, shift)), -1, `frames, ${reference}`);
    assertEquals(differing(apex, plain(less(clip.apex), 1 / deviation, shift)), -1, `apex, ${reference}`);
  }
});

Deno.test("clipBatch keeps a blank clip finite", () => {
  const blank: Clip = {
    shape: [2, 2, 2, 1],
    pixels: new Uint8Array(8).fill(200),
    apex: new Uint8Array(4).fill(201),
  };
  assertEquals(valuesOf([blank], { normalise: "clip", reference: "none" }).frames, Array(8).fill(0));
  assertClose(valuesOf([blank], { normalise: "clip", reference: "onset" }).apex, Array(4).fill(1), 1e-6);
});

Deno.test("clipBatch does not let one clip change another's values", () => {
  const clip = randomClip([2, 3, 3, 1], 6), other = randomClip([2, 3, 3, 1], 7, 0, 20);
  for (const reference of ["none", "onset"] as const) {
    const alone = valuesOf([clip], { normalise: "clip", reference });
    const beside = valuesOf([other, clip], { normalise: "clip", reference });
    assertEquals(beside.frames.slice(18), alone.frames);
  }
});

Deno.test("clipBatch refuses no clips and clips that differ in shape", () => {
  const how = { normalise: "clip", reference: "none" } as const;
  assertThrows(() => clipBatch([], how), RangeError, "at least one clip, found 0");
  const clips = [randomClip([2, 3, 3, 1], 1), randomClip([3, 3, 3, 1], 1)];
  assertThrows(() => clipBatch(clips, how), RangeError, "2,3,3,1 and 3,3,3,1");
});
