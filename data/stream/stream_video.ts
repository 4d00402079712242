import { basename } from "node:path";
import { UserError } from "../../types.ts";
import { announcedFrames, startProgram, stopProgram } from "../_video.ts";
import { ByteReader } from "./_byte_reader.ts";
import { ShownFrames } from "./_shown_frames.ts";
import type { FrameStream, TimedFrame } from "./types.ts";

/**
 * A video as a stream: ffmpeg decodes it frame by frame, turned as its metadata say, each with its own time. Memory does not grow with its length. A file that is cut off, or
 * damaged in the middle, gives the frames before; `cutShort` says so.
 *
 * @param file The video (anything that ffmpeg reads), or `-` for standard input, if its kind can be read as a stream.
 * @throws {UserError} while it is read: if ffmpeg is not installed, or not one frame can be read.
 *
 * @example
 * ```ts
 * import { streamVideo } from "@macro2micro/mer/data";
 *
 * async function seconds(file: string) {
 *   let last = 0;
 *   for await (const { time } of (await streamVideo(file)).frames) last = time;
 *   return last;
 * }
 * console.log(typeof seconds);
 * ```
 */
export async function streamVideo(file: string): Promise<FrameStream> {
  const fromInput = file === "-", name = fromInput ? "standard input" : file;
  const announced = fromInput ? undefined : await announcedFrames(file);
  let cutShort: string | undefined;
  return {
    frames: frames(),
    cutShort: () => cutShort,
    announced,
  };

  async function* frames(): AsyncGenerator<TimedFrame> {
    // Times for the writer of raw frames are made anew, evenly: it refuses odd ones, and showinfo has told the true ones before.
    const filter = "showinfo=checksum=0,settb=1/1000000,setpts=N*1000";
    const child = startProgram(
      "ffmpeg",
      [
        ...["-hide_banner", "-nostats", "-loglevel", "repeat+level+info"],
        // One thread tells of an error when the frames before it are there.
        ...["-threads", "1", "-fflags", "+discardcorrupt"],
        ...["-i", fromInput ? "pipe:0" : `file:${file}`, "-map", "0:v:0", "-vf", filter],
        ...[
          "-fps_mode",
          "passthrough",
          "-enc_time_base",
          "1:1000000",
          "-f",
          "rawvideo",
          "-pix_fmt",
          "rgb24",
          "-",
        ],
      ],
      name,
      fromInput ? "inherit" : "null",
    ).spawn();
    const shown = new ShownFrames(child.stderr), bytes = new ByteReader(child.stdout);
    let ended = false, count = 0, last = -Infinity, pixels = new Uint8Array();
    try {
      for (let next = await shown.next(); next !== undefined; next = await shown.next()) {
        const { width, height } = next;
        if (pixels.length !== width * height * 3) pixels = new Uint8Array(width * height * 3);
        if (!(await bytes.fill(pixels))) break;
        const told = Number.isFinite(next.time) && next.time > last;
        last = told ? next.time : count === 0 ? 0 : last + shown.spacing;
        yield { pixels, width, height, channels: 3, time: last, frame: ++count };
      }
      ended = !shown.damaged;
    } finally {
      await bytes.close();
      if (!ended) await stopProgram(child, shown.done); // nobody wants the rest, or it is patched up
    }
    await child.status;
    await shown.done;
    const why = shown.error?.replace(`file:${file}: `, "") ?? "it ends too early";
    if (count === 0) {
      throw new UserError(
        `Cannot read the video ${name}: it is no video, empty, or cut off before its first frame (${why}); ${
          fromInput
            ? "pipe a kind that can be read as a stream (MPEG-TS, Matroska, AVI)"
            : "record or copy it again"
        }`,
      );
    }
    if (announced === undefined ? shown.error !== undefined : count < announced) {
      const of = announced !== undefined && announced > count ? ` of ${announced}` : "";
      cutShort = `${basename(name)} is cut off or damaged after ${
        last.toFixed(2)
      } s: ${count}${of} frames could be read`;
    }
  }
}
