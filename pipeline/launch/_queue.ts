import type { Job, Order } from "../jobs.ts";
import type { RemainingWork } from "../remaining.ts";
import { shareOut } from "./_share_out.ts";

/** Jobs in the order in which they may begin. */
export interface JobQueue {
  /**
   * The next job; waits where all that are left depend on one at work. Undefined if there is none.
   *
   * @param lane Who asks, from 0: it does one job after the other.
   */
  next(lane: number): Promise<Order | undefined>;
  /** The job of a lane stands at so many of its steps. */
  step(lane: number, done: number): void;
  /**
   * A job is over, or put aside: the folds of a seed go on when their MaNet is done, and never do if it failed.
   *
   * @param order As `next` gave it.
   */
  over(order: Order, how: "done" | "failed" | "waits"): void;
  /** No job begins any more. */
  close(): void;
}

/** How a queue orders its jobs. */
export interface QueueOptions {
  /** How many ask at once. */
  readonly lanes: number;
  /** How many folds at once may have begun before their MaNet is done: each keeps its state on disk meanwhile. @default 0 */
  readonly early?: number;
  /** The steps of a job; with them folds are shared out so that all lanes end together. @default folds are done whole */
  readonly steps?: (job: Job) => number;
}

/**
 * Folds seed by seed; where those of a seed wait for their MaNet, or are all at work, the MaNet of the next seed begins meanwhile. Where there is
 * nothing else to do, folds begin before their MaNet is done, with what they need no MaNet for. Folds that do not divide among the lanes are begun by one
 * and finished by another, last of all ({@linkcode shareOut}).
 */
export function queueOf(work: readonly RemainingWork[], { lanes, early = 0, steps }: QueueOptions): JobQueue {
  const seeds = work.map(({ seed, macro, folds }) => ({
    seed,
    macro: macro ? "waiting" : "done",
    folds: folds.map((fold): Job => ({ kind: "fold", seed, fold })),
    /** Those that wait for MaNet; how many are at work that may. */
    begun: [] as Job[],
    beginning: 0,
  }));
  /** Steps before each lane. */
  const busy = Array<number>(lanes).fill(0);
  const atWork = new Map<Order, number>();
  /** What each lane does first of a fold that another one finishes; undefined until whole folds begin. */
  let firsts: number[] | undefined;
  /** Those that are to be finished last of all, and their steps; how many are at work that will be put there. */
  const aside: { readonly job: Job; readonly left: number }[] = [];
  let cutting = 0;
  let closed = false;
  let waiters: (() => void)[] = [];
  const wake = () => {
    const now = waiters;
    waiters = [];
    for (const waiter of now) waiter();
  };
  const sharedOut = (fold: Job): number[] => {
    if (steps === undefined) return [];
    const before = [...busy];
    for (const { seed, macro } of seeds) {
      if (macro !== "waiting") continue;
      before[before.indexOf(Math.min(...before))]! += steps({ kind: "macro", seed });
    }
    return shareOut({
      folds: seeds.reduce((sum, { folds }) => sum + folds.length, 0),
      steps: steps(fold),
      busy: before,
    });
  };
  const takeFold = (folds: Job[], lane: number): Order => {
    firsts ??= sharedOut(folds[0]!);
    const until = firsts[lane] ?? 0;
    firsts[lane] = 0;
    if (until > 0) cutting++;
    return { ...folds.shift()!, ...(until > 0 ? { until } : {}) };
  };
  const take = (lane: number): Order | undefined => {
    for (const of of seeds) {
      const begun = of.macro === "done" ? of.begun.shift() : undefined;
      if (begun) return begun;
      if (of.macro === "done" && of.folds.length > 0) return takeFold(of.folds, lane);
      if (of.macro === "waiting") {
        of.macro = "running";
        return { kind: "macro", seed: of.seed };
      }
    }
    if (aside.length > 0) return aside.sort((a, b) => b.left - a.left).shift()!.job;
    const begun = seeds.reduce((sum, of) => sum + of.begun.length + of.beginning, 0);
    const of = seeds.find(({ macro, folds }) => macro === "running" && folds.length > 0);
    if (!of || begun >= early) return undefined;
    of.beginning++;
    return { ...of.folds.shift()!, mayWait: true };
  };
  const mayCome = () =>
    cutting > 0 ||
    seeds.some(({ macro, folds, begun, beginning }) =>
      macro === "running" && folds.length + begun.length + beginning > 0
    );
  return {
    async next(lane) {
      for (;;) {
        const job = closed ? undefined : take(lane);
        if (job) {
          busy[lane] = steps?.(job) ?? 0;
          atWork.set(job, lane);
        }
        if (job || closed || !mayCome()) return job;
        await new Promise<void>((resolve) => waiters.push(resolve));
      }
    },
    step(lane, done) {
      const [order] = [...atWork].find(([, of]) => of === lane) ?? [];
      if (order) busy[lane] = Math.max(0, (order.until ?? steps?.(order) ?? 0) - done);
    },
    over(order, how) {
      const { mayWait, until, ...job } = order;
      const lane = atWork.get(order);
      if (lane !== undefined) busy[lane] = 0;
      atWork.delete(order);
      const of = seeds.find(({ seed }) => seed === job.seed);
      if (of && job.kind === "macro") of.macro = how === "done" ? "done" : "failed";
      if (of && mayWait) of.beginning--;
      if (of && mayWait && how === "waits") of.begun.push(job);
      if (until !== undefined) cutting--;
      if (until !== undefined && how === "waits") aside.push({ job, left: (steps?.(job) ?? 0) - until });
      wake();
    },
    close() {
      closed = true;
      wake();
    },
  };
}
