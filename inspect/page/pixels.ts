/// <reference lib="dom" />
/// <reference lib="dom.asynciterable" />
import type { Rgb } from "./messages.ts";

/** What a user gave cannot be used; the message is one sentence with the remedy. */
export class Unusable extends Error {}

/** The colours of canvas pixels, without alpha. */
export function rgbOf({ data, width, height }: ImageData): Rgb {
  const pixels = new Uint8Array(3 * width * height);
  for (let i = 0, o = 0; o < pixels.length; i += 4, o += 3) {
    pixels[o] = data[i]!;
    pixels[o + 1] = data[i + 1]!;
    pixels[o + 2] = data[i + 2]!;
  }
  return { pixels, width, height };
}

/** Opaque canvas pixels. */
export function imageDataOf({ pixels, width, height }: Rgb): ImageData {
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let i = 0, o = 0; i < pixels.length; i += 3, o += 4) {
    data[o] = pixels[i]!;
    data[o + 1] = pixels[i + 1]!;
    data[o + 2] = pixels[i + 2]!;
  }
  return new ImageData(data, width, height);
}
