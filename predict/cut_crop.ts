import { alignFace, type Placement } from "../data/faces/align_face.ts";
import type { FoundFace, Picture } from "../data/faces/types.ts";
import { bringToSize } from "../data/resample/bring_to_size.ts";
import { makeResampler, type Region } from "../data/resample/make_resampler.ts";
import type { Alignment, ClipForm } from "./types.ts";

/** Cuts the same part out of every frame of a window. */
export interface Cutter {
  /** The crop's side, pixels. */
  readonly side: number;
  /** side x side x 3 values of an RGB frame. */
  cut(frame: Picture): Uint8Array;
}

/** A crop by a face, its eyes at their fixed places; the same resampling as `m2m data prepare`'s. */
export function faceCutter(
  face: FoundFace,
  align: Extract<Alignment, { kind: "face" }>,
  width: number,
  height: number,
): Cutter {
  return resampling(alignFace(face.landmarks, align.size, align), width, height, align.size);
}

/**
 * The whole frame or a part of it. Frames that were prepared without faces were resampled to `align.size`; others are brought to their final size at once, and with
 * them `clip.crop` is done.
 */
export function frameCutter(
  align: Extract<Alignment, { kind: "none" }>,
  clip: ClipForm,
  width: number,
  height: number,
): Cutter {
  const { crop = { left: 0, top: 0, width: 1, height: 1 }, size } = align;
  if (size === undefined) {
    const wanted = {
      size: clip.size,
      channels: 3,
      ...(clip.crop === undefined ? {} : { crop: clip.crop }),
    } as const;
    return { side: clip.size, cut: (frame) => bringToSize(frame, wanted) };
  }
  const xx = crop.width * width / size, yy = crop.height * height / size;
  return resampling(
    { xx, xy: 0, x0: crop.left * width, yx: 0, yy, y0: crop.top * height },
    width,
    height,
    size,
  );
}

function resampling(place: Placement, width: number, height: number, side: number): Cutter {
  const { region, apply } = makeResampler(place, width, height, side);
  const part = new Uint8Array(region.width * region.height * 3);
  return {
    side,
    cut: (frame) => {
      copyRegion(frame, region, part);
      return apply(part, 3);
    },
  };
}

function copyRegion({ pixels, width }: Picture, region: Region, out: Uint8Array): void {
  const row = region.width * 3;
  for (let y = 0; y < region.height; y++) {
    const from = ((region.top + y) * width + region.left) * 3;
    out.set(pixels.subarray(from, from + row), y * row);
  }
}
