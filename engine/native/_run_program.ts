import { UserError } from "../../types.ts";

/** Settings of {@linkcode runProgram}. */
export interface RunProgramOptions {
  /** Working directory. */
  cwd?: string;
  /** Environment variables to add. */
  env?: Record<string, string>;
  /** Told every line of standard output and standard error. */
  onLine?: (line: string) => void;
}

/** Runs a program to its end and gives its exit code and the last of what it said. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: RunProgramOptions = {},
): Promise<{ code: number; said: string }> {
  const { onLine = () => {}, ...settings } = options;
  const child = new Deno.Command(program, {
    args: [...args],
    ...settings,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let said = "";
  const listen = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    let rest = "";
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      said = (said + text).slice(-4000);
      const lines = (rest + text).split(/[\r\n]/);
      rest = lines.pop() ?? "";
      lines.forEach(onLine);
    }
  };
  const [status] = await Promise.all([child.status, listen(child.stdout), listen(child.stderr)]);
  return { code: status.code, said: said.trim() };
}

/** Whether a program can be started and ends well. */
export async function programWorks(program: string, args: readonly string[]): Promise<boolean> {
  try {
    return (await runProgram(program, args)).code === 0;
  } catch {
    return false; // not found
  }
}

/** The user's error for a program that failed, with its most telling last line; a full disk is recognised. */
export function programFailed(what: string, said: string, remedy: string): UserError {
  if (/no space left|ENOSPC|disk quota/i.test(said)) return diskIsFull(what);
  const lines = said.split("\n").map((line) => line.trim()).filter(Boolean);
  const telling = lines.findLast((line) => /error|fail|cannot|not found|timed? ?out/i.test(line)) ??
    lines.at(-1);
  return new UserError(`${what} failed (${telling ?? "it said nothing"}); ${remedy}.`);
}

/** The user's error for a full disk. */
export function diskIsFull(what: string): UserError {
  return new UserError(
    `${what} failed because the disk is full; free about 1.3 GB, or name a folder elsewhere in M2M_NATIVE, and install again.`,
  );
}
