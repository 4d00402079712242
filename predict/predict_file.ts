import { basename, dirname } from "node:path";
import { byNumber } from "../data/_files.ts";
import { type FrameStream, streamImages, streamVideo } from "../data/stream/mod.ts";
import { nearest } from "../nearest.ts";
import { UserError } from "../types.ts";
import { predictFrames, type PredictFramesOptions } from "./predict_frames.ts";
import type { FramesPrediction } from "./results.ts";
import type { ClipModel } from "./types.ts";

/** The settings of {@linkcode predictFile}. */
export interface PredictFileOptions extends PredictFramesOptions {
  /** Frames a second of a folder of images, which tells no times. */
  readonly fps?: number;
}

/** What was found in a file or a folder. */
export interface FilePrediction extends FramesPrediction {
  /** As it was named. */
  readonly input: string;
  /** What it is. */
  readonly kind: "video" | "images" | "stream";
  /** Where and why it could be read no further, one sentence; null if it could to its end. */
  readonly cutShort: string | null;
}

/**
 * Predicts a video file, a folder of images, or standard input (`-`), frame by frame.
 *
 * @param input
 * @param model
 * @param options
 * @throws {UserError} if it is not there, cannot be read at all, or is a folder and `fps` is not given; for others see `predictFrames`.
 *
 * @example
 * ```ts
 * import { openFaceFinder } from "@macro2micro/mer/data";
 * import { startEngine } from "@macro2micro/mer/engine";
 * import { type ClipModel, predictFile } from "@macro2micro/mer/predict";
 *
 * async function predict(model: ClipModel, video: string) {
 *   await startEngine();
 *   return await predictFile(video, model, { finder: await openFaceFinder() });
 * }
 * console.log(typeof predict);
 * ```
 */
export async function predictFile(
  input: string,
  model: ClipModel,
  options: PredictFileOptions = {},
): Promise<FilePrediction> {
  const { kind, stream } = await open(input, options.fps);
  const { onset, offset } = options;
  try {
    const found = await predictFrames(stream.frames, model, options);
    return { input, kind, ...found, cutShort: stream.cutShort() ?? null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const cut = stream.cutShort();
    const marked = onset !== undefined || offset !== undefined;
    if (cut === undefined || !marked) throw error;
    throw new UserError(`${error.message} (${cut})`, error.exitCode);
  }
}

async function open(
  input: string,
  fps: number | undefined,
): Promise<{ kind: FilePrediction["kind"]; stream: FrameStream }> {
  if (input === "-") return { kind: "stream", stream: await streamVideo(input) };
  const info = await Deno.stat(input).catch(() => undefined);
  if (info === undefined) {
    throw new UserError(
      `Cannot predict ${input}: there is no such file or folder${await similar(input)}; check its name`,
    );
  }
  if (!info.isDirectory) return { kind: "video", stream: await streamVideo(input) };
  if (fps === undefined) {
    throw new UserError(
      `Cannot predict ${input}: a folder of images tells no times; give their frames a second with --fps`,
      2,
    );
  }
  return { kind: "images", stream: await streamImages(input, fps) };
}

/** " (did you mean X?)", if the folder holds a name near the mistyped one. */
async function similar(path: string): Promise<string> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(dirname(path))) names.push(name);
  } catch {
    return "";
  }
  const hint = nearest(basename(path), names.sort(byNumber));
  return hint.includes("did you mean") ? hint : "";
}
