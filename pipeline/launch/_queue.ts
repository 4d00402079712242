import type { Job } from "../jobs.ts";
import type { RemainingWork } from "../remaining.ts";

/** Jobs in the order in which they may begin. */
export interface JobQueue {
  /** The next job; waits where all that are left depend on one at work. Undefined if there is none. */
  next(): Promise<Job | undefined>;
  /** A job is over: the folds of a seed may begin when its MaNet is done, and never do if that failed. */
  over(job: Job, done: boolean): void;
  /** No job begins any more. */
  close(): void;
}

/** Folds seed by seed; where those of a seed wait for their MaNet, or are all at work, the MaNet of the next seed begins meanwhile. */
export function queueOf(work: readonly RemainingWork[]): JobQueue {
  const seeds = work.map(({ seed, macro, folds }) => ({
    seed,
    macro: macro ? "waiting" : "done",
    folds: folds.map((fold): Job => ({ kind: "fold", seed, fold })),
  }));
  let closed = false;
  let waiters: (() => void)[] = [];
  const wake = () => {
    const now = waiters;
    waiters = [];
    for (const waiter of now) waiter();
  };
  const take = (): Job | undefined => {
    for (const of of seeds) {
      if (of.macro === "done" && of.folds.length > 0) return of.folds.shift();
      if (of.macro === "waiting") {
        of.macro = "running";
        return { kind: "macro", seed: of.seed };
      }
    }
    return undefined;
  };
  const mayCome = () => seeds.some(({ macro, folds }) => macro === "running" && folds.length > 0);
  return {
    async next() {
      for (;;) {
        const job = closed ? undefined : take();
        if (job || closed || !mayCome()) return job;
        await new Promise<void>((resolve) => waiters.push(resolve));
      }
    },
    over(job, done) {
      const of = seeds.find(({ seed }) => seed === job.seed);
      if (of && job.kind === "macro") of.macro = done ? "done" : "failed";
      wake();
    },
    close() {
      closed = true;
      wake();
    },
  };
}
