import type { Job, Order } from "../jobs.ts";
import type { RemainingWork } from "../remaining.ts";

/** Jobs in the order in which they may begin. */
export interface JobQueue {
  /** The next job; waits where all that are left depend on one at work. Undefined if there is none. */
  next(): Promise<Order | undefined>;
  /**
   * A job is over, or waits for its MaNet: the folds of a seed go on when that is done, and never do if it failed.
   *
   * @param order As `next` gave it.
   */
  over(order: Order, how: "done" | "failed" | "waits"): void;
  /** No job begins any more. */
  close(): void;
}

/**
 * Folds seed by seed; where those of a seed wait for their MaNet, or are all at work, the MaNet of the next seed begins meanwhile. Where there is
 * nothing else to do, folds begin before their MaNet is done, with what they need no MaNet for.
 *
 * @param early How many folds at once may have begun before their MaNet is done: each keeps its state on disk meanwhile.
 */
export function queueOf(work: readonly RemainingWork[], early = 0): JobQueue {
  const seeds = work.map(({ seed, macro, folds }) => ({
    seed,
    macro: macro ? "waiting" : "done",
    folds: folds.map((fold): Job => ({ kind: "fold", seed, fold })),
    /** Those that wait for MaNet; how many are at work that may. */
    begun: [] as Job[],
    beginning: 0,
  }));
  let closed = false;
  let waiters: (() => void)[] = [];
  const wake = () => {
    const now = waiters;
    waiters = [];
    for (const waiter of now) waiter();
  };
  const take = (): Order | undefined => {
    for (const of of seeds) {
      const next = of.macro === "done" ? of.begun.shift() ?? of.folds.shift() : undefined;
      if (next) return next;
      if (of.macro === "waiting") {
        of.macro = "running";
        return { kind: "macro", seed: of.seed };
      }
    }
    const begun = seeds.reduce((sum, of) => sum + of.begun.length + of.beginning, 0);
    const of = seeds.find(({ macro, folds }) => macro === "running" && folds.length > 0);
    if (!of || begun >= early) return undefined;
    of.beginning++;
    return { ...of.folds.shift() as Job, mayWait: true };
  };
  const mayCome = () =>
    seeds.some(({ macro, folds, begun, beginning }) =>
      macro === "running" && folds.length + begun.length + beginning > 0
    );
  return {
    async next() {
      for (;;) {
        const job = closed ? undefined : take();
        if (job || closed || !mayCome()) return job;
        await new Promise<void>((resolve) => waiters.push(resolve));
      }
    },
    over({ mayWait, ...job }, how) {
      const of = seeds.find(({ seed }) => seed === job.seed);
      if (of && job.kind === "macro") of.macro = how === "done" ? "done" : "failed";
      if (of && mayWait) of.beginning--;
      if (of && how === "waits") of.begun.push(job);
      wake();
    },
    close() {
      closed = true;
      wake();
    },
  };
}
