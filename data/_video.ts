import { type FrameSource, UserError } from "../types.ts";
import type { RawImage } from "./_bmp.ts";
import { type DecodedFrame, type FrameOptions, resizeRaw } from "./_decode.ts";

/** What is called; an object, so that a test can name programs that are not installed. */
export const programs = { ffmpeg: "ffmpeg", ffprobe: "ffprobe" };

/** Facts of a video file. */
export interface VideoFacts {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly fps: number;
}

/** Asks ffprobe for size, number of frames and frame rate. */
export async function videoFacts(file: string): Promise<VideoFacts> {
  const entries = "stream=width,height,nb_read_packets,avg_frame_rate";
  const args = [
    "-v",
    "error",
    "-select_streams",
    "v:0",
    "-count_packets",
    "-show_entries",
    entries,
    "-of",
    "json",
    file,
  ];
  const output = await start("ffprobe", args, file).output();
  const stream = output.success
    ? JSON.parse(new TextDecoder().decode(output.stdout)).streams?.[0]
    : undefined;
  const [over, under] = String(stream?.avg_frame_rate ?? "").split("/").map(Number);
  const facts = {
    width: Number(stream?.width),
    height: Number(stream?.height),
    frames: Number(stream?.nb_read_packets),
    fps: over! / under!,
  };
  if (!Object.values(facts).every((value) => value > 0)) throw damaged(file, output.stderr);
  return facts;
}

/** Frames of a video at their final size, by position; the video is read once, frame by frame. */
export async function videoFrames(
  source: Extract<FrameSource, { kind: "video" }>,
  wanted: readonly number[],
  options: FrameOptions,
): Promise<Map<number, DecodedFrame>> {
  const frames = new Map<number, DecodedFrame>();
  for await (const { position, frame } of rawVideoFrames(source, wanted)) {
    frames.set(position, await resizeRaw(frame, options));
  }
  return frames;
}

/**
 * Frames of a video as they are, turned upright, in RGB and in the order of their positions. The pixels are those of the next frame
 * once the next one is asked for.
 */
export async function* rawVideoFrames(
  source: Extract<FrameSource, { kind: "video" }>,
  wanted: readonly number[],
): AsyncGenerator<{ readonly position: number; readonly frame: RawImage }> {
  const facts = await videoFacts(source.file);
  const sideways = source.turn === 90 || source.turn === 270;
  const [width, height] = sideways ? [facts.height, facts.width] : [facts.width, facts.height];
  const turns = { 0: "null", 90: "transpose=clock", 180: "hflip,vflip", 270: "transpose=cclock" };
  const [first, last] = [Math.min(...wanted), Math.max(...wanted)];
  const filter = `select=between(n\\,${first}\\,${last}),${turns[source.turn]}`;
  const args = ["-v", "error", "-noautorotate", "-i", source.file, "-vf", filter, "-fps_mode", "passthrough"];
  const child = start("ffmpeg", [...args, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], source.file).spawn();
  const errors = new Response(child.stderr).bytes();
  const keep = new Set(wanted);
  const pixels = new Uint8Array(width * height * 3);
  let [filled, position, given] = [0, first, 0];
  for await (const chunk of child.stdout) {
    for (let read = 0; read < chunk.length;) {
      const part = chunk.subarray(read, read + pixels.length - filled);
      pixels.set(part, filled);
      filled += part.length;
      read += part.length;
      if (filled < pixels.length) continue;
      if (keep.has(position)) {
        given++;
        yield { position, frame: { width, height, channels: 3, pixels } };
      }
      position++;
      filled = 0;
    }
  }
  const success = (await child.status).success;
  if (!success || given < keep.size) throw damaged(source.file, await errors);
}

/** A command whose absence is told in one sentence. */
function start(program: keyof typeof programs, args: string[], file: string) {
  const command = new Deno.Command(programs[program], {
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const explain = (error: unknown): never => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const remedy = "install ffmpeg, which brings it (apt-get install ffmpeg)";
    throw new UserError(`Cannot read the video ${file}: ${program} is not installed; ${remedy}`);
  };
  return {
    output: async () => {
      try {
        return await command.output();
      } catch (error) {
        return explain(error);
      }
    },
    spawn: () => {
      try {
        return command.spawn();
      } catch (error) {
        return explain(error);
      }
    },
  };
}

function damaged(file: string, stderr: Uint8Array): UserError {
  const why = new TextDecoder().decode(stderr).trim().split("\n").at(-1) || "too few frames";
  return new UserError(
    `Cannot read the video ${file}: it is damaged or no video (${why}); copy it again from the database`,
  );
}
