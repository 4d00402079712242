import { UserError } from "../types.ts";
import { linesOf } from "./_lines.ts";
import type { Standing } from "./standing.ts";
import { StorageError } from "./write_whole.ts";

/** A piece of a run that one process does: MaNet, or a fold. */
export type Job =
  | { readonly kind: "macro"; readonly seed: number }
  | { readonly kind: "fold"; readonly seed: number; readonly fold: number };

/** A job as a worker is told of it. */
export type Order = Job & {
  /** Where the fold needs its MaNet and another job is still at that: it is left for later, with all that it has done, and the process goes on. @default false */
  readonly mayWait?: boolean;
};

/** What a worker process says, one JSON object a line. */
export type Message =
  | { readonly type: "step"; readonly done: number; readonly at: Standing }
  | { readonly type: "resumed"; readonly done: number }
  | { readonly type: "note"; readonly text: string }
  | { readonly type: "error"; readonly message: string; readonly kind: "defect" | "mistake" | "storage" }
  | { readonly type: "stopped" }
  | { readonly type: "waits" }
  | { readonly type: "done" };

/** What a worker's environment says, whoever starts it. */
export function workerVariables(threads: number): Record<string, string> {
  const users = Deno.env.get("GLIBC_TUNABLES");
  return {
    // A part of what the same bytes depend on.
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: String(threads),
    TF_CPP_MIN_LOG_LEVEL: "3",
    // Memory for tensors in pages of 2 MB where Linux has them: a guided step takes two to three per cent less. The user's own settings come last and count.
    GLIBC_TUNABLES: ["glibc.malloc.hugetlb=1", ...(users ? [users] : [])].join(":"),
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
 * Does jobs of a run one after the other in a process of its own, which keeps the engine and the recordings of training steps from one job to the
 * next: a crash ends the job at work alone, and the next job has a new process. The child's standard input is a pipe that closes when this
 * process dies; the child then ends too.
 */
export class JobProcess {
  readonly #run: string;
  readonly #threads: number;
  #child: Child | undefined;

  /** @param threads Threads of the engine. */
  constructor(run: string, threads: number) {
    this.#run = run;
    this.#threads = threads;
  }

  /** Starts the process, whose engine is then ready when the first job comes. */
  prepare(): void {
    this.#child ??= new Child(this.#run, undefined, this.#threads);
  }

  /**
   * Does a job; one at a time.
   *
   * @returns Whether the job was done, stopped because the signal asked for it, or waits for its MaNet where it may.
   * @throws {UserError} If the job says so ({@linkcode StorageError} if it could not write); an Error if the process ends without a word.
   */
  async run(
    job: Order,
    { signal, onMessage }: Omit<RunJobOptions, "threads">,
  ): Promise<"done" | "stopped" | "waits"> {
    const child = this.#child ?? new Child(this.#run, job, this.#threads);
    if (this.#child) child.send(JSON.stringify(job));
    this.#child = child;
    const stop = () => child.send("stop");
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    try {
      for (;;) {
        const message = await child.next();
        if (message?.type === "done" || message?.type === "waits") return message.type;
        if (message && (message.type !== "error" && message.type !== "stopped")) {
          onMessage(message);
          continue;
        }
        this.#child = undefined; // it ends by itself
        const failure = await child.end();
        if (message?.type === "stopped") return "stopped";
        throw message ? errorOf(message) : failure;
      }
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Ends the process, which has no job. */
  async end(): Promise<void> {
    await this.#child?.end();
    this.#child = undefined;
  }
}

/** Does one job: see {@linkcode JobProcess}. */
export async function runJob(
  run: string,
  job: Job,
  { threads, ...options }: RunJobOptions,
): Promise<"done" | "stopped"> {
  const process = new JobProcess(run, threads);
  try {
    return await process.run(job, options) as "done" | "stopped"; // it may not wait
  } finally {
    await process.end();
  }
}

/** The process, and the talk with it. */
class Child {
  readonly #process: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #messages: AsyncGenerator<Message>;
  readonly #errors: Promise<string>;
  readonly #kill = () => {
    try {
      this.#process.kill("SIGKILL"); // this process ends at once: a child would still finish the step that it is at
    } catch { /* it has ended already */ }
  };

  constructor(run: string, job: Order | undefined, threads: number) {
    const config = Deno.env.get("M2M_CONFIG");
    this.#process = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--quiet",
        ...(config ? ["--config", config] : []),
        new URL("./_worker.ts", import.meta.url).href,
        run,
        ...(job ? [JSON.stringify(job)] : []),
      ],
      env: workerVariables(threads),
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#stdin = this.#process.stdin.getWriter();
    this.#messages = messages(this.#process.stdout);
    this.#errors = new Response(this.#process.stderr).text();
    globalThis.addEventListener("unload", this.#kill);
  }

  send(line: string): void {
    this.#stdin.write(new TextEncoder().encode(`${line}\n`)).catch(() => {}); // it has ended already
  }

  /** What it says next; undefined if it has ended. */
  async next(): Promise<Message | undefined> {
    const { value, done } = await this.#messages.next();
    return done ? undefined : value;
  }

  /** Waits for its end. Gives the error that it is if that comes without a word. */
  async end(): Promise<Error> {
    await this.#stdin.close().catch(() => {}); // closed already where the child has ended
    const { code, signal } = await this.#process.status;
    globalThis.removeEventListener("unload", this.#kill);
    await this.#messages.return(undefined);
    const last = (await this.#errors).trim().split("\n").slice(-8).join("\n");
    return new Error(
      `the process ended ${signal ? `by ${signal}` : `with exit code ${code}`}${last ? `: ${last}` : ""}`,
    );
  }
}

function errorOf({ message, kind }: Message & { type: "error" }): Error {
  if (kind === "storage") return new StorageError(message);
  return kind === "mistake" ? new UserError(message) : new Error(message);
}

async function* messages(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<Message> {
  for await (const line of linesOf(stream)) {
    // An engine may print lines of its own on standard output.
    if (line.startsWith('{"type":')) yield JSON.parse(line);
  }
}
