import { basename, extname } from "node:path";
import { type FrameSource, UserError } from "../../types.ts";
import { listFrames, type NumberedFrame } from "../_files.ts";
import { openVideo } from "../open_video.ts";
import type { Problems } from "../_problems.ts";
import { imageSource } from "./_place.ts";

/** A clip's frames by number, and the source they come from. */
export interface ClipFrames {
  readonly frames: readonly NumberedFrame[];
  readonly source: FrameSource;
  /** Names that could not be placed. */
  readonly odd: readonly string[];
}

/** Whether a file is a video by its name. */
export function isVideo(name: string): boolean {
  return /\.(avi|mpg|mpeg|mp4)$/i.test(name);
}

/** The video among files that is named like the clip, but for case and ending. */
export function videoNamed(files: readonly string[], clip: string): string | undefined {
  const stems = files.filter(isVideo).map((name) => ({ name, stem: basename(name, extname(name)) }));
  return (stems.find(({ stem }) => stem === clip) ??
    stems.find(({ stem }) => stem.toLowerCase() === clip.toLowerCase()))?.name;
}

/**
 * The frames of a clip: the images of a folder, or a video, whose frames are numbered from 1 in their order. A video that cannot be read is
 * reported and costs the clip.
 */
export async function clipFrames(
  place: string,
  name: string,
  problems: Problems,
): Promise<ClipFrames | undefined> {
  if (!isVideo(place)) {
    const { frames, odd } = await listFrames(place);
    return { frames, odd, source: imageSource(frames) };
  }
  try {
    const { source, variableRate, spacing } = await openVideo(place);
    if (variableRate) {
      problems.keep(
        name,
        "video",
        `frames from ${spacing[0].toFixed(3)} to ${spacing[1].toFixed(3)} s apart`,
        "the frame rate varies: frames are counted in their order, not timed",
      );
    }
    const frames = Array.from({ length: source.frames }, (_, i) => ({ number: i + 1, file: place }));
    return { frames, odd: [], source };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const missing = /(\w+) is not installed/.exec(error.message);
    const remedy = missing === null ? error.message : "install ffmpeg (apt-get install ffmpeg)";
    problems.drop(name, "video", missing?.[0] ?? "damaged", `the clip is left out; ${remedy}`);
    return undefined;
  }
}
