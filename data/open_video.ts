import type { FrameSource } from "../types.ts";
import { videoFacts } from "./_video.ts";

/** The settings of {@linkcode openVideo}. */
export interface OpenVideoOptions {
  /** Degrees by which the picture is turned clockwise; what the file's metadata say if not given. */
  readonly turn?: 0 | 90 | 180 | 270;
}

/** A video as a source of frames, and what is known of it. */
export interface OpenedVideo {
  /** For a sample: `loadClip` decodes the frames that it needs, in the file's order. */
  readonly source: Extract<FrameSource, { kind: "video" }>;
  /** Columns, after the picture was turned. */
  readonly width: number;
  /** Rows, after the picture was turned. */
  readonly height: number;
  /** Frames a second: their number over their time, also where they are not evenly spaced. */
  readonly fps: number;
  /** The shortest and the longest time between two frames, seconds. */
  readonly spacing: readonly [shortest: number, longest: number];
  /** Whether the longest time is more than half again as long as the shortest: positions then are no times. */
  readonly variableRate: boolean;
}

/**
 * Opens a video file (AVI, MPEG, MP4: whatever ffmpeg reads) as a source of frames, in place of a folder of images. A frame's position is its place
 * in the order of showing, from 0, whatever its time: a variable frame rate neither repeats nor drops one. The picture is turned
 * as the file's metadata say.
 *
 * Needs `ffmpeg` and `ffprobe` on the PATH. Every frame up to the last one wanted is decoded, so a clip late in a long recording takes
 * time; memory does not grow with length.
 *
 * @param file The video.
 * @param options
 * @throws {UserError} if ffmpeg is not installed, or the file is missing, no video, cut short, or turned by other than quarter turns.
 *
 * @example
 * ```ts
 * import { loadClip, openVideo } from "@macro2micro/mer/data";
 *
 * async function middle(file: string) {
 *   const { source, fps } = await openVideo(file);
 *   const offset = source.frames - 1;
 *   return await loadClip({
 *     database: "own", subject: "s1", clip: "s1_1", label: "unknown", source, fps,
 *     onset: 0, apex: Math.floor(offset / 2), offset, apexOrigin: "midpoint",
 *   }, { frames: 8, size: 64, channels: 3 });
 * }
 * console.log(typeof middle);
 * ```
 */
export async function openVideo(file: string, options: OpenVideoOptions = {}): Promise<OpenedVideo> {
  const { frames, fps, spacing, ...facts } = await videoFacts(file);
  const turn = options.turn ?? facts.turn, sideways = turn === 90 || turn === 270;
  return {
    source: { kind: "video", file, frames, turn },
    width: sideways ? facts.height : facts.width,
    height: sideways ? facts.width : facts.height,
    fps,
    spacing,
    variableRate: spacing[1] > 1.5 * spacing[0],
  };
}
