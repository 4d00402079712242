import process from "node:process";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root: string = fileURLToPath(new URL("../", import.meta.url));

const { exports } = JSON.parse(Deno.readTextFileSync(`${root}deno.json`));

/** The modules that the package exports. */
export const faces: readonly string[] = Object.values<string>(exports);

/** `deno test` arguments that run the examples of the README and of every folder that the package exports, with its private files. */
export const exampleArgs: readonly string[] = [
  "--doc",
  "--parallel",
  "--no-check",
  "README.md",
  ...faces.map((face) => face.replace(/^(\.\/.+)\/mod\.ts$/, "$1")),
];

/** What a finished Deno command left. */
export interface Outcome {
  /** Its exit code. */
  readonly code: number;
  /** Standard output and standard error, in the order of arrival. */
  readonly output: string;
  /** Seconds it took. */
  readonly seconds: number;
}

/** Settings of {@linkcode runDeno}. */
export interface RunOptions {
  /** Environment variables to add. */
  readonly env?: Record<string, string>;
  /** Also print the output while it comes. @default {false} */
  readonly echo?: boolean;
  /** Seconds after which the command is ended. @default {3600} */
  readonly limit?: number;
  /** Seconds without the end of a test after which the command is ended: a test hangs. @default no limit */
  readonly testLimit?: number;
}

/** Of a line such as `a name ... ok (12ms)`. */
const endOfTest = /(ok|FAILED|ignored)( \([^)]*\))?$/m;

/** Runs a Deno command in the project's folder with the config that tools/start.ts chose. */
export async function runDeno(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { env = {}, echo = false, limit = 3600, testLimit = Infinity } = options;
  const [command = "", ...rest] = args;
  const config = Deno.env.get("M2M_CONFIG");
  if (!config) throw new Error("M2M_CONFIG is not set: start through `deno task`");
  const started = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: [command, "--config", config, ...rest],
    cwd: root,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let output = "", moved = performance.now();
  const collect = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      output += text;
      if (endOfTest.test(text)) moved = performance.now();
      if (echo) process.stdout.write(text);
    }
  };
  const end = (why: string) => {
    const line = `\nended: ${why}\n`;
    output += line;
    if (echo) process.stdout.write(line);
    child.kill("SIGKILL");
  };
  const timer = setTimeout(end, limit * 1000, `its limit of ${limit} s is over`);
  const watch = setInterval(() => {
    if (performance.now() - moved < testLimit * 1000) return;
    moved = Infinity; // said once
    end(`no test has ended for ${testLimit} s`);
  }, 1000);
  const [status] = await Promise.all([child.status, collect(child.stdout), collect(child.stderr)]);
  clearTimeout(timer);
  clearInterval(watch);
  return { code: status.code, output, seconds: (performance.now() - started) / 1000 };
}
