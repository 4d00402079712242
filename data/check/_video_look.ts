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
  const command = new Deno.Command(programs.ffmpeg, {
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    ...(signal === undefined ? {} : { signal }),
  });
  let output: Deno.CommandOutput;
  try {
    output = await command.output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return "it was not looked at, since ffmpeg is not installed";
  }
  const { success, stdout, stderr } = output;
  signal?.throwIfAborted();
  const said = new TextDecoder().decode(stderr).trim().split("\n").at(-1)!;
  if (!success || said !== "") return `it is damaged (${said || "ffmpeg stops at it"})`;
  const decoded = Number(
    /^frame=\s*(\d+)/m.exec(new TextDecoder().decode(stdout).split("progress=").at(-2) ?? "")?.[1],
  );
  return decoded === frames ? undefined : `${decoded} of its ${frames} frames can be decoded`;
}
