import type { Random } from "../engine/random.ts";
import type { Clip } from "../types.ts";
import { changeImages, type SamplingMap } from "./_change_images.ts";

/** What may be done to a clip; everything is off unless it is named. */
export interface AugmentOptions {
  /** Probability of a horizontal flip. @default 0 */
  readonly flip?: number;
  /** Largest rotation, in degrees, either way. @default 0 */
  readonly rotation?: number;
  /** Largest shift, as a part of the frame's side, in each direction. @default 0 */
  readonly translation?: number;
  /** Largest change of size: 0.1 draws a factor from 0.9 to 1.1. @default 0 */
  readonly scale?: number;
  /** Smallest part of the side that a crop at a random place keeps; the crop is brought back to the frame's size. @default 1 */
  readonly crop?: number;
  /** Largest change of brightness, as a part of 255. @default 0 */
  readonly brightness?: number;
  /** Largest change of contrast about mid-grey: 0.2 draws a factor from 0.8 to 1.2. @default 0 */
  readonly contrast?: number;
}

/**
 * A changed copy of a clip, for training only. One draw holds for the whole clip, apex included, so that what moves is still only the face.
 * Geometry is one affine map with bilinear sampling, edges repeated; then brightness and contrast through one table. Every
 * call draws the same number of random numbers whatever the options, so that switching one on leaves the others' draws as they were.
 *
 * @param clip T x h x w x C values 0..255.
 * @param options
 * @param random Where the draws come from.
 * @returns A clip of the same shape; the same clip if every option is off.
 * @throws {RangeError} if an option is outside its range.
 *
 * @example
 * ```ts
 * import { augment } from "@macro2micro/mer/data";
 * import { seededRandom } from "@macro2micro/mer/engine";
 * import { assertEquals } from "@std/assert";
 *
 * const clip = { pixels: new Uint8Array([1, 2, 3, 4]), shape: [1, 2, 2, 1] as const, apex: new Uint8Array([1, 2, 3, 4]) };
 * const flipped = augment(clip, { flip: 1 }, seededRandom(1));
 * assertEquals([...flipped.pixels], [2, 1, 4, 3]);
 * ```
 */
export function augment(clip: Clip, options: AugmentOptions, random: Random): Clip {
  const { flip = 0, rotation = 0, translation = 0, scale = 0, crop = 1, brightness = 0, contrast = 0 } =
    options;
  within("flip", flip, 0, 1);
  within("rotation", rotation, 0, 180);
  within("translation", translation, 0, 1);
  within("scale", scale, 0, 0.9);
  within("crop", crop, 0.05, 1);
  within("brightness", brightness, 0, 1);
  within("contrast", contrast, 0, 1);
  const draw = Array.from({ length: 10 }, () => random.next());
  const signed = (k: number, largest: number) => (2 * draw[k]! - 1) * largest;
  const kept = 1 - draw[5]! * (1 - crop);
  const [, height, width, channels] = clip.shape;
  const map = samplingMap(width, height, {
    flip: draw[0]! < flip,
    angle: signed(1, rotation) * Math.PI / 180,
    shift: [signed(2, translation) * width, signed(3, translation) * height],
    zoom: (1 + signed(4, scale)) / kept,
    centre: [(draw[6]! - 0.5) * (1 - kept) * width, (draw[7]! - 0.5) * (1 - kept) * height],
  });
  const table = toneTable(1 + signed(8, contrast), signed(9, brightness) * 255);
  if (map === undefined && table === undefined) return clip;
  const [pixels, apex] = changeImages([clip.pixels, clip.apex], [height, width, channels], map, table);
  return { pixels, shape: clip.shape, apex };
}

interface Geometry {
  readonly flip: boolean;
  readonly angle: number;
  /** Pixels right and down. */
  readonly shift: readonly [number, number];
  readonly zoom: number;
  /** What comes to the middle of the frame, in pixels from the middle. */
  readonly centre: readonly [number, number];
}

/** The inverse of "centre to the middle, zoom, rotate, flip, shift"; `undefined` where that changes nothing. */
function samplingMap(width: number, height: number, geometry: Geometry): SamplingMap | undefined {
  const { flip, angle, shift, zoom, centre } = geometry;
  if (!flip && angle === 0 && zoom === 1 && [...shift, ...centre].every((part) => part === 0)) {
    return undefined;
  }
  const [cos, sin] = [Math.cos(angle) / zoom, Math.sin(angle) / zoom];
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  const [shiftX, shiftY] = shift, [centreX, centreY] = centre;
  const map = new Int32Array(width * height * 3);
  for (let y = 0, o = 0; y < height; y++) {
    const down = y - middleY - shiftY;
    for (let x = 0; x < width; x++, o += 3) {
      const right = flip ? middleX - x + shiftX : x - middleX - shiftX;
      const sourceX = clamp(cos * right + sin * down + middleX + centreX, width - 1);
      const sourceY = clamp(cos * down - sin * right + middleY + centreY, height - 1);
      const left = Math.floor(sourceX), top = Math.floor(sourceY);
      map[o] = top * width + left;
      map[o + 1] = Math.round((sourceX - left) * 256);
      map[o + 2] = Math.round((sourceY - top) * 256);
    }
  }
  return map;
}

/** `contrast (value - 127.5) + 127.5 + brightness`, rounded and clipped; `undefined` where that changes nothing. */
function toneTable(contrast: number, brightness: number): Uint8Array | undefined {
  if (contrast === 1 && brightness === 0) return undefined;
  return Uint8Array.from(
    { length: 256 },
    (_, v) => clamp(Math.round(contrast * (v - 127.5) + 127.5 + brightness), 255),
  );
}

function clamp(value: number, largest: number): number {
  return Math.min(Math.max(value, 0), largest);
}

function within(name: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most)) {
    throw new RangeError(
      `Cannot augment clip: ${name} must lie within ${least}..${most}, current value is ${value}`,
    );
  }
}
