import { endText, JsonProcess } from "../../json_process.ts";
import type { Assignment } from "./_settings.ts";
import type { Report, Task } from "./_task.ts";

/** What happened to a task: a report, or the end of its process. */
export type Ending = Report | { readonly type: "ended"; readonly message: string };

/** Processes that do tasks, one after the other each. Their standard input closes when this process dies, whatever it dies of, and they then end too. */
export class Pool {
  readonly #assignment: Assignment;
  readonly #jobs: number;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #idle: Worker[] = [];

  constructor(assignment: Assignment, jobs: number, signal: AbortSignal | undefined) {
    this.#assignment = assignment;
    this.#jobs = jobs;
    this.#signal = signal === undefined ? this.#stop.signal : AbortSignal.any([this.#stop.signal, signal]);
  }

  /** Starts the processes before their tasks are known: they load their code meanwhile. */
  warm(): void {
    while (this.#idle.length < this.#jobs) this.#idle.push(new Worker(this.#assignment, this.#signal));
  }

  /**
   * Does all tasks. A process that ends takes the clip along that it was at, and is replaced.
   *
   * @param onEnding Hears what became of each task; throws to end the work.
   */
  async run(tasks: readonly Task[], onEnding: (task: Task, ending: Ending) => void): Promise<void> {
    let next = 0;
    const again: Task[] = [];
    const take = () => again.pop() ?? tasks[next++];
    const left = () => again.length + tasks.length - next;
    const lane = async () => {
      let worker: Worker | undefined;
      const sent: Task[] = [];
      try {
        while (!this.#signal.aborted) {
          // One task ahead, so that nobody waits for the next; of the last ones each lane takes one at a time.
          while (left() > 0 && (sent.length === 0 || (sent.length < 2 && left() >= this.#jobs))) {
            worker ??= this.#idle.pop() ?? new Worker(this.#assignment, this.#signal);
            const task = take()!;
            worker.send(task);
            sent.push(task);
          }
          const task = sent.shift();
          if (task === undefined || worker === undefined) return;
          const ending = await worker.answer();
          if (this.#signal.aborted) return;
          if (ending.type === "ended") {
            worker = undefined;
            again.push(...sent.splice(0));
          }
          onEnding(task, ending);
        }
      } finally {
        await worker?.end();
      }
    };
    const lanes = Array.from({ length: Math.min(this.#jobs, tasks.length) }, () =>
      lane().catch((error) => {
        this.#stop.abort();
        throw error;
      }));
    for (const result of await Promise.allSettled(lanes)) {
      if (result.status === "rejected") throw result.reason;
    }
  }

  /** Ends processes that had nothing to do. */
  async end(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((worker) => worker.end()));
  }
}

/** A process that prepares clips, with the tasks that were sent and not answered. */
class Worker {
  readonly #process: JsonProcess<Report>;

  constructor(assignment: Assignment, signal: AbortSignal) {
    this.#process = new JsonProcess(new URL("./_worker.ts", import.meta.url), { signal });
    this.send(assignment);
  }

  /** What became of the first task that was sent and not answered. */
  async answer(): Promise<Ending> {
    const report = await this.#process.next();
    if (report !== undefined) return report;
    return { type: "ended", message: endText(await this.#process.end()) };
  }

  async end(): Promise<void> {
    await this.#process.end();
  }

  send(message: Assignment | Task): void {
    this.#process.send(JSON.stringify(message));
  }
}
