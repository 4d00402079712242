import { type Clip, type Sample, UserError } from "../types.ts";
import { type DecodedFrame, decodeFrame, type FrameOptions } from "./_decode.ts";
import { blend, framePositions } from "./_interpolate.ts";
import { interpolateFrames, type Interpolation } from "./interpolate_frames.ts";
import { videoFrames } from "./_video.ts";

/** What a clip is brought to. */
export interface ClipOptions extends FrameOptions {
  /** T, the number of frames. */
  readonly frames: number;
  /**
   * How T frames are made of those from onset to offset: linear blends, or the temporal interpolation model, which reads all of them.
   *
   * @default "linear"
   */
  readonly interpolation?: Interpolation;
}

/**
 * Decodes a clip and brings it to T frames of one size. Frame k is the linear blend of the two frames around the position
 * `onset + k (offset - onset) / (T - 1)` (T = 1: the midpoint), so the first is the onset, the last the offset, and frames outside
 * are never opened; `interpolation: "tim"` makes them by the temporal interpolation model instead. The apex frame is decoded on its own. A frame that is not square is stretched; `crop` keeps the same part of all frames.
 *
 * Image files go through sharp, uncompressed BMP through code of ours, videos through ffmpeg.
 *
 * @param sample A clip of a reader.
 * @param options T, size, channels, and the part to keep.
 * @returns `pixels` T x size x size x channels, row-major, 0..255, and `apex` size x size x channels.
 * @throws {RangeError} if an option makes no sense.
 * @throws {UserError} if a frame is missing, empty, cut short, no image, or of another size than the clip's first frame.
 *
 * @example
 * ```ts
 * import { loadClip } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 * import sharp from "sharp";
 *
 * const folder = await Deno.makeTempDir();
 * const files = [10, 30, 50].map((value) => ({ value, file: `${folder}/img${value}.png` }));
 * for (const { value, file } of files) {
 *   await sharp({ create: { width: 8, height: 8, channels: 3, background: { r: value, g: value, b: value } } }).toFile(file);
 * }
 * const clip = await loadClip({
 *   database: "casme2", subject: "sub01", clip: "EP01_01", label: "others", fps: 200,
 *   source: { kind: "images", files: files.map(({ file }) => file) },
 *   onset: 0, apex: 1, offset: 2, apexOrigin: "coded",
 * }, { frames: 5, size: 4, channels: 1 });
 * assertEquals(clip.shape, [5, 4, 4, 1]);
 * assertEquals([0, 1, 2, 3, 4].map((k) => clip.pixels[k * 16]), [10, 20, 30, 40, 50]);
 * assertEquals(clip.apex[0], 30);
 * ```
 */
export async function loadClip(sample: Sample, options: ClipOptions): Promise<Clip> {
  checkOptions(options);
  const { frames, size, channels, interpolation } = options;
  const decoded = await decodePositions(sample, neededFrames(sample, frames, interpolation), options);
  const shape = [frames, size, size, channels] as const, apex = decoded.get(sample.apex)!;
  if (interpolation === "tim") {
    const given = Array.from(
      { length: sample.offset - sample.onset + 1 },
      (_, i) => decoded.get(sample.onset + i)!,
    );
    return { pixels: interpolateFrames(given, frames, "tim"), shape, apex };
  }
  const positions = framePositions(sample.onset, sample.offset, frames);
  const length = size * size * channels;
  const pixels = new Uint8Array(frames * length);
  positions.forEach((position, k) => {
    const below = Math.floor(position);
    blend(decoded.get(below)!, decoded.get(Math.ceil(position))!, position - below, pixels, k * length);
  });
  return { pixels, shape, apex };
}

/** Positions of the frames that a clip of T frames is made of, apex included, ascending. */
export function neededFrames(
  sample: Sample,
  frames: number,
  interpolation: Interpolation = "linear",
): number[] {
  const positions = interpolation === "tim"
    ? Array.from({ length: sample.offset - sample.onset + 1 }, (_, i) => sample.onset + i)
    : framePositions(sample.onset, sample.offset, frames);
  const all = [...positions.map(Math.floor), ...positions.map(Math.ceil), sample.apex];
  return [...new Set(all)].sort((a, b) => a - b);
}

async function decodePositions(
  sample: Sample,
  wanted: readonly number[],
  options: FrameOptions,
): Promise<Map<number, Uint8Array>> {
  const { source } = sample;
  const name = `${sample.database}/${sample.subject}/${sample.clip}`;
  const count = source.kind === "images" ? source.files.length : source.frames;
  if (wanted[0]! < 0 || wanted.at(-1)! >= count) {
    throw new RangeError(
      `Cannot load clip ${name}: it needs frames ${wanted[0]} to ${wanted.at(-1)}, the source has ${count}`,
    );
  }
  if (source.kind === "video") {
    const frames = await videoFrames(source, wanted, options);
    return new Map([...frames].map(([position, frame]) => [position, frame.pixels]));
  }
  const settled = await Promise.allSettled(
    wanted.map((position) => decodeFrame(source.files[position]!, options)),
  );
  // All have ended before the first failure is told: a process that exits while sharp still works may crash.
  const frames = settled.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
  const first = frames[0]!;
  const other = frames.findIndex((frame) => frame.width !== first.width || frame.height !== first.height);
  if (other >= 0) {
    const size = ({ width, height }: DecodedFrame) => `${width}x${height}`;
    throw new UserError(
      `Cannot load clip ${name}: the frame ${source.files[wanted[other]!]} is ${size(frames[other]!)}, but ${
        source.files[wanted[0]!]
      } is ${size(first)}; copy the clip's folder again from the database`,
    );
  }
  return new Map(frames.map((frame, i) => [wanted[i]!, frame.pixels]));
}

/** Refuses options that make no clip. */
export function checkOptions({ frames, size, channels, crop, interpolation = "linear" }: ClipOptions): void {
  if (interpolation !== "linear" && interpolation !== "tim") {
    throw new RangeError(
      `Cannot load clip: interpolation must be linear or tim, current value is ${interpolation}`,
    );
  }
  for (const [name, value] of [["frames", frames], ["size", size]] as const) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`Cannot load clip: ${name} must be a positive integer, current value is ${value}`);
    }
  }
  if (channels !== 1 && channels !== 3) {
    throw new RangeError(`Cannot load clip: channels must be 1 or 3, current value is ${channels}`);
  }
  if (crop === undefined) return;
  const { left, top, width, height } = crop;
  if (!(left >= 0 && top >= 0 && width > 0 && height > 0 && left + width <= 1 && top + height <= 1)) {
    throw new RangeError(
      `Cannot load clip: crop must lie within 0..1, current values are left ${left}, top ${top}, width ${width}, height ${height}`,
    );
  }
}
