import type { Assignment } from "./_settings.ts";
import type { Report, Task } from "./_task.ts";

/** What happened to a task: a report, or the end of its process. */
export type Ending = Report | { readonly type: "ended"; readonly message: string };

/**
 * Gives tasks to processes, one at a time each. A process that ends takes its one clip along and is replaced. Its standard input closes when this process
 * dies, whatever it dies of, and it then ends too.
 *
 * @param onEnding Hears what became of each task; throws to end the work.
 */
export async function runPool(
  tasks: readonly Task[],
  assignment: Assignment,
  jobs: number,
  signal: AbortSignal | undefined,
  onEnding: (task: Task, ending: Ending) => void,
): Promise<void> {
  let next = 0;
  const stop = new AbortController();
  const all = signal === undefined ? stop.signal : AbortSignal.any([stop.signal, signal]);
  const lane = async () => {
    let worker: Worker | undefined;
    try {
      while (next < tasks.length && !all.aborted) {
        const task = tasks[next++]!;
        worker ??= new Worker(assignment, all);
        const ending = await worker.do(task);
        if (all.aborted) return;
        if (ending.type === "ended") worker = undefined;
        onEnding(task, ending);
      }
    } finally {
      await worker?.end();
    }
  };
  const lanes = Array.from({ length: Math.min(jobs, tasks.length) }, () =>
    lane().catch((error) => {
      stop.abort();
      throw error;
    }));
  for (const result of await Promise.allSettled(lanes)) if (result.status === "rejected") throw result.reason;
}

class Worker {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: AsyncGenerator<string>;
  readonly #errors: Promise<string>;

  constructor(assignment: Assignment, signal: AbortSignal) {
    const config = Deno.env.get("M2M_CONFIG");
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--quiet",
        ...(config ? ["--config", config] : []),
        new URL("./_worker.ts", import.meta.url).href,
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      signal,
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#errors = new Response(this.#child.stderr).text();
    this.#lines = linesOf(this.#child.stdout);
    this.#send(assignment);
  }

  async do(task: Task): Promise<Ending> {
    this.#send(task);
    const { value } = await this.#lines.next();
    if (value !== undefined) return JSON.parse(value);
    const { code, signal } = await this.#child.status;
    const said = (await this.#errors).trim().split("\n").slice(-3).join(" ");
    return {
      type: "ended",
      message: `its process ended by ${signal ?? `exit code ${code}`}${said ? `: ${said}` : ""}`,
    };
  }

  async end(): Promise<void> {
    await this.#input.close().catch(() => {});
    await this.#child.status;
    await this.#lines.return(undefined);
  }

  #send(message: Assignment | Task): void {
    // A process that has ended is noticed when its answer is read.
    this.#input.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`)).catch(() => {});
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith('{"type":')) yield line;
  }
}
