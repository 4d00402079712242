import { makeShrinker } from "../resample/make_resampler.ts";
import type { Picture, Point } from "./types.ts";

/** How a point of the padded picture comes back to the picture: `scale p - border`. */
export interface PaddedFrame {
  readonly scale: number;
  readonly border: number;
}

/** The longest side that the detector is given; it reads 512 x 512, the landmarks 112 x 112 of a face. */
const longest = 1024;
/** The border around the picture, in parts of its shorter side. */
const share = 0.3;

/** The picture in RGB with its border continued outwards: a face that fills a picture is not found otherwise. */
export function padded(picture: Picture): {
  pixels: Uint8Array;
  side: { width: number; height: number };
  frame: PaddedFrame;
} {
  const { width, height, channels } = picture;
  const shrink = Math.min(1, longest / Math.max(width, height));
  const w = Math.max(1, Math.round(width * shrink)), h = Math.max(1, Math.round(height * shrink));
  const pixels = shrink < 1 ? makeShrinker(width, height, w, h)(picture.pixels, channels) : picture.pixels;
  const border = Math.round(share * Math.min(w, h));
  const side = { width: w + 2 * border, height: h + 2 * border };
  const out = new Uint8Array(3 * side.width * side.height);
  const within = (place: number, length: number) => Math.max(0, Math.min(length - 1, place - border));
  for (let y = 0, o = 0; y < side.height; y++) {
    const row = within(y, h) * w;
    for (let x = 0; x < side.width; x++) {
      const at = (row + within(x, w)) * channels;
      for (let c = 0; c < 3; c++) out[o++] = pixels[channels === 3 ? at + c : at]!;
    }
  }
  return { pixels: out, side, frame: { scale: width / w, border: border * width / w } };
}

/** A point of the padded picture in the picture. */
export function fromPadded({ scale, border }: PaddedFrame, x: number, y: number): Point {
  return [x * scale - border, y * scale - border];
}
