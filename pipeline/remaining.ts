import type { Plan } from "./plan.ts";
import { isMacroDone, readFold } from "./run_folder.ts";

/** What is still to do of a seed. */
export interface RemainingWork {
  /** The seed. */
  readonly seed: number;
  /** Whether MaNet is still to be trained, which the folds wait for. */
  readonly macro: boolean;
  /** Positions in `plan.folds` of the folds that are not complete. */
  readonly folds: readonly number[];
}

/**
 * What is still to do in a run, seed by seed, as its folder tells it: what every launcher starts and `m2m status` counts.
 *
 * @throws {UserError} If a fold's result is damaged.
 */
export async function remaining(run: string, plan: Plan): Promise<RemainingWork[]> {
  const work: RemainingWork[] = [];
  for (const seed of plan.pipeline.seeds) {
    const folds: number[] = [];
    for (const [i, { name }] of plan.folds.entries()) if (!(await readFold(run, seed, name))) folds.push(i);
    const macro = folds.length > 0 && plan.macro.length > 0 && !(await isMacroDone(run, seed));
    work.push({ seed, macro, folds });
  }
  return work;
}
