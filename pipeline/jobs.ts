import { JsonProcess } from "../json_process.ts";
import { errorOf, type ToldError } from "./_told_error.ts";
import type { Standing } from "./standing.ts";

/** A piece of a run that one process does: MaNet, or a fold. */
export type Job =
  | { readonly kind: "macro"; readonly seed: number }
  | { readonly kind: "fold"; readonly seed: number; readonly fold: number };

/** A job as a worker is told of it. */
export type Order = Job & {
  /** Where the fold needs its MaNet and another job is still at that: it is left for later, with all that it has done, and the process goes on. @default false */
  readonly mayWait?: boolean;
  /** After so many of its steps it is left for later likewise, for another process to finish. @default it is done to its end */
  readonly until?: number;
};

/** What a worker is told instead of a first job: the engine to start, which is ready when a job comes. */
export interface EngineOrder {
  /** The engine. */
  readonly engine: string;
  /** Its threads. */
  readonly threads: number;
}

/** What a worker process says, one JSON object a line. */
export type Message =
  | { readonly type: "step"; readonly done: number; readonly at: Standing }
  | { readonly type: "resumed"; readonly done: number }
  | { readonly type: "note"; readonly text: string }
  | ToldError
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
  #child: JsonProcess<Message> | undefined;

  /** @param threads Threads of the engine. */
  constructor(run: string, threads: number) {
    this.#run = run;
    this.#threads = threads;
  }

  /** Starts the process before there is a job, and in it the engine; there need not be a plan yet. */
  prepare(engine: string): void {
    this.#child ??= startWorker(this.#run, { engine, threads: this.#threads }, this.#threads);
  }

  /**
   * Does a job; one at a time.
   *
   * @returns Whether the job was done, stopped because the signal asked for it, or waits: for its MaNet where it may, or because its order ends there.
   * @throws {UserError} If the job says so (a StorageError if it could not write); an Error if the process ends without a word.
   */
  async run(
    job: Order,
    { signal, onMessage }: Omit<RunJobOptions, "threads">,
  ): Promise<"done" | "stopped" | "waits"> {
    const child = this.#child ?? startWorker(this.#run, job, this.#threads);
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
        const { how, last } = await child.end();
        if (message?.type === "stopped") return "stopped";
        throw message
          ? errorOf(message)
          : new Error([`the process ended ${how}`, ...last].join("\n").replace("\n", ": "));
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

  /** Ends the process at once, if it lives. */
  async kill(): Promise<void> {
    this.#child?.kill();
    await this.end();
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

function startWorker(run: string, first: Order | EngineOrder, threads: number): JsonProcess<Message> {
  return new JsonProcess(new URL("./_worker.ts", import.meta.url), {
    args: [run, JSON.stringify(first)],
    env: workerVariables(threads),
  });
}
