import { UserError } from "../types.ts";
import type { Standing } from "./standing.ts";
import { StorageError } from "./write_whole.ts";

/** A piece of a run that one process does: MaNet, or a fold. */
export type Job =
  | { readonly kind: "macro"; readonly seed: number }
  | { readonly kind: "fold"; readonly seed: number; readonly fold: number };

/** What a worker process says, one JSON object a line. */
export type Message =
  | { readonly type: "step"; readonly done: number; readonly at: Standing }
  | { readonly type: "resumed"; readonly done: number }
  | { readonly type: "note"; readonly text: string }
  | { readonly type: "error"; readonly message: string; readonly kind: "defect" | "mistake" | "storage" }
  | { readonly type: "stopped" }
  | { readonly type: "done" };

/** What a worker's environment says of threads: a part of what the same bytes depend on, whoever starts it. */
export function threadVariables(threads: number): Record<string, string> {
  return {
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: String(threads),
    TF_CPP_MIN_LOG_LEVEL: "3",
  };
}

/** How a job is run. */
export interface RunJobOptions {
  /** Threads of the engine. */
  readonly threads: number;
  /** Asks the job to stop after the step that it is at, which it keeps. */
  readonly signal: AbortSignal;
  /** Hears of steps and notes, and of what need not be done again. */
  readonly onMessage: (message: Message & { type: "step" | "resumed" | "note" }) => void;
}

/**
 * Does a job in a process of its own: memory is given back whole, and a crash of an engine ends that job alone.
 * The child's standard input is a pipe that closes when this process dies; the child then ends too.
 *
 * @returns Whether the job was done, or stopped because the signal asked for it.
 * @throws {UserError} If the job says so ({@linkcode StorageError} if it could not write); an Error if the process ends without a word.
 */
export async function runJob(
  run: string,
  job: Job,
  { threads, signal, onMessage }: RunJobOptions,
): Promise<"done" | "stopped"> {
  const config = Deno.env.get("M2M_CONFIG");
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--quiet",
      ...(config ? ["--config", config] : []),
      new URL("./_worker.ts", import.meta.url).href,
      run,
      JSON.stringify(job),
    ],
    env: threadVariables(threads),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stdin = child.stdin.getWriter();
  const stop = () => {
    stdin.write(new TextEncoder().encode("stop\n")).catch(() => {}); // it has ended already
  };
  const kill = () => {
    try {
      child.kill("SIGKILL"); // this process ends at once: a child would still finish the step that it is at
    } catch { /* it has ended already */ }
  };
  signal.addEventListener("abort", stop);
  globalThis.addEventListener("unload", kill);
  if (signal.aborted) stop();
  try {
    const errors = new Response(child.stderr).text();
    let failure: Error | undefined;
    let end: "done" | "stopped" | undefined;
    for await (const message of messages(child.stdout)) {
      if (message.type === "error") failure = errorOf(message);
      else if (message.type === "done" || message.type === "stopped") end = message.type;
      else onMessage(message);
    }
    const { code, signal: killedBy } = await child.status;
    if (failure) throw failure;
    if (end) return end;
    const last = (await errors).trim().split("\n").slice(-8).join("\n");
    throw new Error(
      `the process ended ${killedBy ? `by ${killedBy}` : `with exit code ${code}`}${last ? `: ${last}` : ""}`,
    );
  } finally {
    signal.removeEventListener("abort", stop);
    globalThis.removeEventListener("unload", kill);
    await stdin.close().catch(() => {}); // closed already where the child has ended
  }
}

function errorOf({ message, kind }: Message & { type: "error" }): Error {
  if (kind === "storage") return new StorageError(message);
  return kind === "mistake" ? new UserError(message) : new Error(message);
}

async function* messages(stream: ReadableStream<Uint8Array>): AsyncGenerator<Message> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      // An engine may print lines of its own on standard output.
      if (line.startsWith('{"type":')) yield JSON.parse(line);
    }
  }
}
