import { type Fold, UserError } from "../../types.ts";
import { type Job, runJob } from "../jobs.ts";
import { methodOf } from "../methods/mod.ts";
import type { Plan } from "../plan.ts";
import { duration, Progress } from "../progress.ts";
import { remaining } from "../remaining.ts";
import { standingText } from "../standing.ts";

/** How jobs run on this machine. */
export interface LocalOptions {
  /** Folds at once, each in a process of its own. */
  readonly jobs: number;
  /** No progress on stderr. */
  readonly quiet: boolean;
  /** Ends the work: what is done stays. */
  readonly signal?: AbortSignal;
}

/** Runs here what is not done yet: MaNet of a seed before that seed's folds. Gives a line for each job that failed. */
export async function launchLocal(
  run: string,
  plan: Plan,
  { jobs, quiet, signal }: LocalOptions,
): Promise<string[]> {
  const method = methodOf(plan.pipeline);
  const macroSteps = method.macroSteps(plan.pipeline);
  const foldSteps = plan.folds.map((fold) => method.foldSteps(plan, fold));
  const todo = await remaining(run, plan);
  const total = todo.reduce(
    (sum, { macro, folds }) => sum + (macro ? macroSteps : 0) + folds.reduce((a, i) => a + foldSteps[i]!, 0),
    0,
  );
  const progress = new Progress(total, { quiet });
  const stop = signal ?? new AbortController().signal;
  const failures: string[] = [];
  const start = async (job: Job, name: string, steps: number) => {
    const began = performance.now();
    const key = JSON.stringify(job);
    try {
      await runJob(
        run,
        job,
        plan.pipeline.threadsPerFold,
        stop,
        ({ done, at }) => progress.update(key, done, `${name} ${standingText(at)}`),
      );
      progress.finish(key, steps, `${name} done in ${duration((performance.now() - began) / 1000)}`);
      return true;
    } catch (error) {
      if (stop.aborted) return false;
      const what = error instanceof UserError ? error.message : `a defect: ${(error as Error).message}`;
      failures.push(`${name}: ${what}`);
      progress.finish(key, steps, `${name} failed: ${what}`);
      return false;
    }
  };
  for (const { seed, macro, folds } of todo) {
    const of = plan.pipeline.seeds.length > 1 ? ` (seed ${seed})` : "";
    if (macro && !(await start({ kind: "macro", seed }, `MaNet${of}`, macroSteps))) break;
    const queue = [...folds];
    await Promise.all(Array.from({ length: Math.min(jobs, queue.length) }, async () => {
      for (let i = queue.shift(); i !== undefined && !stop.aborted; i = queue.shift()) {
        await start(
          { kind: "fold", seed, fold: i },
          `fold ${(plan.folds[i] as Fold).name}${of}`,
          foldSteps[i]!,
        );
      }
    }));
  }
  progress.end();
  return failures;
}
