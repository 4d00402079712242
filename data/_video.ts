import { type FrameSource, UserError } from "../types.ts";
import type { RawImage } from "./_bmp.ts";
import { type DecodedFrame, type FrameOptions, resizeRaw } from "./_decode.ts";

/** What is called; an object, so that a test can name programs that are not installed. */
export const programs = { ffmpeg: "ffmpeg", ffprobe: "ffprobe" };

/** How a picture is turned clockwise before it is looked at, degrees. */
export type Turn = Extract<FrameSource, { kind: "video" }>["turn"];

/** Facts of a video file. */
export interface VideoFacts {
  /** As stored, before it is turned. */
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** Frames a second; the mean where they are not evenly spaced. */
  readonly fps: number;
  /** The shortest and the longest time between two frames, seconds; equal to 1 / fps where the file does not tell times. */
  readonly spacing: readonly [shortest: number, longest: number];
  /** What the file's own metadata say. */
  readonly turn: Turn;
}

interface Probe {
  readonly packets?: readonly { readonly pts_time?: string; readonly dts_time?: string }[];
  readonly streams?: readonly {
    readonly width?: number;
    readonly height?: number;
    readonly nb_frames?: string;
    readonly avg_frame_rate?: string;
    readonly side_data_list?: readonly { readonly rotation?: number }[];
    readonly tags?: { readonly rotate?: string };
  }[];
}

/** Asks ffprobe for size, frames and their times, and how the picture is to be turned; a file cut short is refused. */
export async function videoFacts(file: string): Promise<VideoFacts> {
  const stream = "stream=width,height,nb_frames,avg_frame_rate:stream_side_data=rotation:stream_tags=rotate";
  const { probe, stderr } = await ask(file, `packet=pts_time,dts_time:${stream}`);
  const found = probe.streams?.[0], packets = probe.packets ?? [];
  const [over, under] = String(found?.avg_frame_rate ?? "").split("/").map(Number);
  const times = timesOf(packets);
  const steps = times.slice(1).map((time, i) => time - times[i]!);
  const spaced = steps.length > 0 && Math.min(...steps) > 0;
  const fps = spaced ? steps.length / (times.at(-1)! - times[0]!) : over! / under!;
  const facts = { width: found?.width ?? 0, height: found?.height ?? 0, frames: packets.length, fps };
  if (!Object.values(facts).every((value) => value > 0)) throw damaged(file, stderr);
  const announced = Number(found?.nb_frames);
  if (announced > facts.frames) {
    throw new UserError(
      `Cannot read the video ${file}: it is cut short, ${facts.frames} of the ${announced} frames that its header announces are there; copy it again from the database`,
    );
  }
  return {
    ...facts,
    spacing: spaced ? [Math.min(...steps), Math.max(...steps)] : [1 / fps, 1 / fps],
    turn: turnOf(
      file,
      found?.side_data_list?.find(({ rotation }) => rotation !== undefined)?.rotation,
      found?.tags?.rotate,
    ),
  };
}

/** The size alone, without a look at every frame. */
async function videoSize(file: string): Promise<{ width: number; height: number }> {
  const { probe, stderr } = await ask(file, "stream=width,height");
  const { width = 0, height = 0 } = probe.streams?.[0] ?? {};
  if (!(width > 0 && height > 0)) throw damaged(file, stderr);
  return { width, height };
}

/** How many frames the file's header announces, where it does; nothing is said of a file that ffprobe cannot read. */
export async function announcedFrames(file: string): Promise<number | undefined> {
  const { probe } = await ask(`file:${file}`, "stream=nb_frames");
  const count = Number(probe.streams?.[0]?.nb_frames);
  return count > 0 ? count : undefined;
}

async function ask(file: string, entries: string): Promise<{ probe: Probe; stderr: Uint8Array }> {
  const args = ["-v", "error", "-select_streams", "v:0", "-show_entries", entries, "-of", "json=c=1", file];
  const { success, stdout, stderr } = await startProgram("ffprobe", args, file).output();
  return { probe: success ? JSON.parse(new TextDecoder().decode(stdout)) : {}, stderr };
}

/** When the frames are shown, ascending, or none where the file does not tell of all. */
function timesOf(packets: NonNullable<Probe["packets"]>): number[] {
  // AVI tells of B-frames only when they are decoded, which is as evenly spaced.
  for (const key of ["pts_time", "dts_time"] as const) {
    const times = packets.map((packet) => packet[key] === undefined ? NaN : Number(packet[key]));
    if (times.every(Number.isFinite)) return times.sort((a, b) => a - b);
  }
  return [];
}

/** Side data count counter-clockwise, the older tag clockwise. */
function turnOf(file: string, sideData: number | undefined, tag: string | undefined): Turn {
  const degrees = sideData !== undefined ? -sideData : Number(tag ?? 0);
  const turn = ((Math.round(degrees) % 360) + 360) % 360;
  if (turn === 0 || turn === 90 || turn === 180 || turn === 270) return turn;
  throw new UserError(
    `Cannot read the video ${file}: its metadata turn it by ${turn} degrees, only quarter turns are read; convert it with ffmpeg`,
  );
}

/**
 * Frames of a video at their final size, by position; the video is read once, frame by frame, up to the last one wanted. A frame that
 * cannot be decoded as it was written is an error, not a guess.
 */
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
  const facts = await videoSize(source.file);
  const sideways = source.turn === 90 || source.turn === 270;
  const [width, height] = sideways ? [facts.height, facts.width] : [facts.width, facts.height];
  const turns = { 0: "null", 90: "transpose=clock", 180: "hflip,vflip", 270: "transpose=cclock" };
  const [first, last] = [Math.min(...wanted), Math.max(...wanted)];
  const count = ["-frames:v", String(last - first + 1)];
  // Times are made anew, evenly: only the order counts here, and the writer of raw frames refuses odd times.
  const even = "settb=1/1000000,setpts=N*1000";
  const filter = `select=between(n\\,${first}\\,${last}),${turns[source.turn]},${even}`;
  const args = ["-v", "error", "-xerror", "-noautorotate", "-i", source.file, "-map", "0:v:0"];
  args.push("-vf", filter, "-fps_mode", "passthrough", "-enc_time_base", "1:1000000", ...count);
  const child = startProgram("ffmpeg", [...args, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], source.file)
    .spawn();
  const errors = new Response(child.stderr).bytes();
  const keep = new Set(wanted);
  const pixels = new Uint8Array(width * height * 3);
  let [filled, position, given] = [0, first, 0];
  let ended = false;
  try {
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
    ended = true;
  } finally {
    if (!ended) await stopProgram(child, errors); // nobody wants the rest
  }
  const success = (await child.status).success;
  const messages = await errors;
  // ffmpeg ends well after it has patched up what it could not decode, but it says so.
  if (!success || given < keep.size || messages.length > 0) throw damaged(source.file, messages);
}

/** Ends a command that still writes. */
export async function stopProgram(child: Deno.ChildProcess, errors: Promise<unknown>): Promise<void> {
  try {
    child.kill();
  } catch {
    // It has ended by itself.
  }
  await Promise.all([child.status, errors]);
}

/** A command whose absence is told in one sentence. */
export function startProgram(
  program: keyof typeof programs,
  args: string[],
  file: string,
  stdin: "null" | "inherit" = "null",
): { output(): Promise<Deno.CommandOutput>; spawn(): Deno.ChildProcess } {
  const command = new Deno.Command(programs[program], {
    args,
    stdin,
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
