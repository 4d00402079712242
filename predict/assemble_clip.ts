import { interpolateFrames } from "../data/interpolate_frames.ts";
import { bringToSize } from "../data/resample/bring_to_size.ts";
import type { Clip } from "../types.ts";
import type { ClipForm } from "./types.ts";

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
  const sized = crops.map((pixels) => bringToSize({ pixels, width: side, height: side }, final));
  return {
    pixels: interpolateFrames(sized, frames, interpolation),
    shape: [frames, final.size, final.size, final.channels],
    apex: sized[apex]!,
  };
}
