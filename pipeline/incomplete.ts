import { type Score, score } from "../eval/mod.ts";
import { UserError } from "../types.ts";
import type { Plan } from "./plan.ts";
import { remaining } from "./remaining.ts";
import { pipelineRows } from "./rows.ts";
import { readFold } from "./run_folder.ts";
import { writeWhole } from "./write_whole.ts";

/**
 * Leaves a summary.json that says that the run is incomplete, with what there is of the top row's first seed under `soFar`, and gives the
 * error to end with.
 *
 * @param failures A line for each job that failed.
 */
export async function incompleteRun(
  run: string,
  plan: Plan,
  failures: readonly string[],
): Promise<UserError> {
  const { seeds } = plan.pipeline;
  const left = await remaining(run, plan);
  const all = plan.folds.length * seeds.length;
  const done = all - left.reduce((sum, { folds }) => sum + folds.length, 0);
  const row = pipelineRows(plan.pipeline).at(-1)?.name as string;
  const first = await Promise.all(plan.folds.map(({ name }) => readFold(run, seeds[0] as number, name)));
  const predictions = first.flatMap((fold) => fold?.rows[row] ?? []);
  const soFar = predictions.length === 0 ? {} : { soFar: partial(score(predictions, plan.classes)) };
  await writeWhole(
    `${run}/summary.json`,
    JSON.stringify({ incomplete: { folds: { done, of: all }, failed: failures }, ...soFar }, null, 2) + "\n",
  );
  const failed = failures.length === 1 ? "one job has" : `${failures.length} jobs have`;
  return new UserError(
    `The run in ${run} is incomplete: ${done} of ${all} folds are done; ${failed} failed twice. When the cause is gone, go on with the same command and --resume.\n` +
      failures.map((line) => `  ${line}`).join("\n"),
  );
}

/** The scores without those of chance: they are no result. */
function partial({ n, accuracy, uf1, uar }: Score): Pick<Score, "n" | "accuracy" | "uf1" | "uar"> {
  return { n, accuracy, uf1, uar };
}
