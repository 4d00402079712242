/** Whether ffmpeg can be called here. */
export const hasFfmpeg: boolean = await (async () => { // a missing program throws before there is a promise
  try {
    return (await new Deno.Command("ffmpeg", { args: ["-version"], stdout: "null", stderr: "null" }).output())
      .success;
  } catch {
    return false;
  }
})();

/** The end of a test's name where there is none. */
export const skipped = hasFfmpeg ? "" : " (skipped: no ffmpeg)";

/** Runs ffmpeg with words in a line, raw RGB frames on its input if there are any. */
export async function ffmpeg(line: string, input?: Uint8Array): Promise<Uint8Array> {
  const child = new Deno.Command("ffmpeg", {
    args: ["-v", "error", "-y", ...line.split(" ")],
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  if (input !== undefined) {
    const writer = child.stdin.getWriter();
    await writer.write(input as Uint8Array<ArrayBuffer>);
    await writer.close();
  }
  const { success, stdout, stderr } = await output;
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return stdout;
}
