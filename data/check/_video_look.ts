import { programs } from "../_video.ts";

/** Reads a video to its end and says what is wrong with it, or `undefined`. */
export async function lookAtVideo(
  file: string,
  frames: number,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const args = [
    "-v",
    "error",
    "-i",
    file,
    "-map",
    "0:v:0",
    "-fps_mode",
    "passthrough",
    "-progress",
    "pipe:1",
    "-f",
    "null",
    "-",
  ];
  const child = new Deno.Command(programs.ffmpeg, {
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    ...(signal === undefined ? {} : { signal }),
  }).spawn();
  const { success, stdout, stderr } = await child.output();
  signal?.throwIfAborted();
  const said = new TextDecoder().decode(stderr).trim().split("\n").at(-1)!;
  if (!success || said !== "") return `it is damaged (${said || "ffmpeg stops at it"})`;
  const decoded = Number(
    /^frame=\s*(\d+)/m.exec(new TextDecoder().decode(stdout).split("progress=").at(-2) ?? "")?.[1],
  );
  return decoded === frames ? undefined : `${decoded} of its ${frames} frames can be decoded`;
}
