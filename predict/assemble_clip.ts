import { magnifyClip } from "../data/magnify/magnify_clip.ts";
import { interpolateFrames, interpolationWeights } from "../data/interpolate_frames.ts";
import { bringToSize } from "../data/resample/bring_to_size.ts";
import { type Clip, UserError } from "../types.ts";
import type { ClipForm, Preparing } from "./types.ts";

/**
 * Crops to the clip that a network reads, as `loadClip` makes it of the frames that `m2m data prepare` wrote: each brought to its size, then all to T frames.
 *
 * @param crops From onset to offset, side x side x 3 values 0..255.
 * @param side
 * @param apex Position of the apex among them.
 * @param form
 */
export function assembleClip(
  crops: readonly Uint8Array[],
  side: number,
  apex: number,
  { frames, interpolation = "linear", ...final }: ClipForm,
): Clip {
  const sized = new Map<number, Uint8Array>();
  const at = (k: number) => {
    const known = sized.get(k);
    if (known !== undefined) return known;
    const made = bringToSize({ pixels: crops[k]!, width: side, height: side }, final);
    sized.set(k, made);
    return made;
  };
  // A frame that no interpolated one is made of is not brought to size: it counts nothing.
  const weights = interpolationWeights(crops.length, frames, interpolation);
  const blank = new Uint8Array(final.size * final.size * final.channels);
  const needed = crops.map((_, k) =>
    weights.some((w, i) => w !== 0 && i % crops.length === k) ? at(k) : blank
  );
  return {
    pixels: interpolateFrames(needed, frames, interpolation),
    shape: [frames, final.size, final.size, final.channels],
    apex: at(apex),
  };
}

/**
 * Crops as `m2m data prepare` wrote them: grey or with magnified motion, if it was told so. Magnified are the frames from onset to offset.
 *
 * @param crops From onset to offset, side x side x 3 values 0..255.
 * @param side
 * @param fps Frames a second.
 * @param preparing
 * @throws {UserError} if so few frames hold no motion of the band that was magnified.
 */
export function preparedCrops(
  crops: readonly Uint8Array[],
  side: number,
  fps: number,
  { grey, magnify }: Preparing,
): readonly Uint8Array[] {
  const coloured = grey ? crops.map((pixels) => greyOf(pixels, side)) : crops;
  if (magnify === undefined) return coloured;
  const length = side * side * 3, pixels = new Uint8Array(coloured.length * length);
  for (const [k, crop] of coloured.entries()) pixels.set(crop, k * length);
  try {
    const values = magnifyClip({ pixels, shape: [coloured.length, side, side, 3] }, { ...magnify, fps });
    const bytes = new Uint8Array(Uint8ClampedArray.from(values).buffer); // rounds and keeps within 0..255
    return coloured.map((_, k) => bytes.subarray(k * length, (k + 1) * length));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(
      `Cannot predict: the model learned from magnified motion, and that of ${crops.length} frames cannot be magnified (${error.message}); give a longer clip or --window`,
    );
  }
}

function greyOf(pixels: Uint8Array, side: number): Uint8Array {
  const grey = bringToSize({ pixels, width: side, height: side }, { size: side, channels: 1 });
  return Uint8Array.from(pixels, (_, i) => grey[Math.floor(i / 3)]!);
}
