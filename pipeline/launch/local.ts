import { type Fold, UserError } from "../../types.ts";
import { type Job, JobProcess, type Order } from "../jobs.ts";
import { methodOf } from "../methods/mod.ts";
import type { Plan } from "../plan.ts";
import type { RunProgress } from "../progress/run_progress.ts";
import { remaining } from "../remaining.ts";
import { StorageError } from "../write_whole.ts";
import { queueOf } from "./_queue.ts";

/** How jobs run on this machine. */
export interface LocalOptions {
  /** Jobs at once, each in a process of its own, which takes one after the other. */
  readonly jobs: number;
  /** Shows how the jobs go; the caller ends it. */
  readonly progress: RunProgress;
  /** Ends the work: what is done stays, and each job keeps the step that it is at. */
  readonly signal?: AbortSignal;
  /** Processes that have been started already; those that are not needed are left. @default none */
  readonly prepared?: readonly JobProcess[];
}

/** How often a job is tried. */
const tries = 2;

/**
 * Runs here what is not done yet: MaNet of a seed before that seed's folds, `jobs` at a time; where nothing else can be done meanwhile, folds begin with
 * what they need no MaNet for, and folds that don't divide among the processes are shared out. A job that fails is tried once more, from its last
 * checkpoint; if it fails again, the others go on. Gives a line for each job that failed.
 *
 * @throws {StorageError} At once if the disk is full or the folder can't be written, for then no job can be kept.
 */
export async function launchLocal(
  run: string,
  plan: Plan,
  { jobs, progress, signal, prepared = [] }: LocalOptions,
): Promise<string[]> {
  const method = methodOf(plan.pipeline);
  const macroSteps = method.macroSteps(plan.pipeline);
  const foldSteps = plan.folds.map((fold) => method.foldSteps(plan, fold));
  const todo = await remaining(run, plan);
  const failures = new Map<string, string>(); // by job
  const halt = new AbortController(); // the user's signal, or a disk that takes no more
  const onAbort = () => {
    progress.stopping();
    halt.abort();
  };
  signal?.addEventListener("abort", onAbort);
  if (signal?.aborted) halt.abort();
  let storage: StorageError | undefined;

  const steps = (job: Job) => job.kind === "macro" ? macroSteps : foldSteps[job.fold] as number;
  const name = (job: Job) => {
    const of = plan.pipeline.seeds.length > 1 ? ` (seed ${job.seed})` : "";
    return job.kind === "macro" ? `MaNet${of}` : `fold ${(plan.folds[job.fold] as Fold).name}${of}`;
  };
  const keyOf = ({ mayWait: _, until: __, ...job }: Order) => JSON.stringify(job);
  const attempt = async (process: JobProcess, job: Order, lane: number) => {
    const key = keyOf(job);
    return await process.run(job, {
      signal: halt.signal,
      onMessage: (message) => {
        if (message.type === "note") progress.line(`${name(job)}: ${message.text}`);
        else {
          queue.step(lane, message.done);
          if (message.type === "resumed") progress.skip(key, message.done);
          else progress.step(key, message.done, message.at);
        }
      },
    });
  };
  const work = async (
    process: JobProcess,
    job: Order,
    lane: number,
  ): Promise<"done" | "failed" | "waits"> => {
    const key = keyOf(job);
    for (let left = tries; !halt.signal.aborted; left--) {
      progress.start(key);
      try {
        const how = await attempt(process, job, lane);
        if (how === "stopped") return "failed";
        if (how === "done") progress.finish(key);
        else progress.wait(key);
        return how;
      } catch (error) {
        if (error instanceof StorageError) {
          storage ??= error;
          halt.abort();
          return "failed";
        }
        if (halt.signal.aborted) return "failed"; // killed with the run
        const what = error instanceof UserError ? error.message : `a defect: ${(error as Error).message}`;
        progress.fail(key, what, left > 1);
        if (left > 1) continue;
        failures.set(key, `${name(job)}: ${what}`);
        return "failed";
      }
    }
    return "failed";
  };

  const order = todo.flatMap(({ seed, macro, folds }): Job[] => [
    ...(macro ? [{ kind: "macro", seed } as const] : []),
    ...folds.map((fold): Job => ({ kind: "fold", seed, fold })),
  ]);
  const all = plan.pipeline.seeds.length * (plan.folds.length + (plan.macro.length > 0 ? 1 : 0));
  progress.begin(
    order.map((job) => ({ key: JSON.stringify(job), name: name(job), steps: steps(job) })),
    all - order.length,
  );
  const processes = Math.min(jobs, order.length);
  const { pipeline } = plan;
  const queue = queueOf(todo, {
    lanes: processes,
    early: pipeline.stages.micro.start === "macro" ? 0 : processes,
    ...(pipeline.selection === "none" ? { steps } : {}), // of an inner selection a part may have to be trained anew
  });
  await Promise.all(Array.from({ length: processes }, async (_, lane) => {
    const process = prepared[lane] ?? new JobProcess(run, pipeline.threadsPerFold);
    if (lane > 0) process.prepare(plan.engine); // it may have to wait for MaNet
    for (let job = await queue.next(lane); job !== undefined; job = await queue.next(lane)) {
      queue.over(job, halt.signal.aborted ? "failed" : await work(process, job, lane));
      if (halt.signal.aborted) queue.close();
    }
    await process.end();
  }));
  signal?.removeEventListener("abort", onAbort);
  if (storage) throw storage;
  return order.flatMap((job) => failures.get(JSON.stringify(job)) ?? []);
}
