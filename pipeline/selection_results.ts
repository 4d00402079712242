import { textTable } from "../eval/mod.ts";
import { UserError } from "../types.ts";
import { innerSettings } from "./inner_settings.ts";
import type { Plan } from "./plan.ts";
import { foldFolder, selectionFile } from "./run_folder.ts";
import type { Selection } from "./selection.ts";
import { writeWhole } from "./write_whole.ts";

/** What the folds of a run chose: selection.json at its top. */
export interface SelectionResults {
  /** What each fold's choice went by. */
  readonly criterion: "uf1" | "uar" | "accuracy";
  /** Every setting: how many folds chose it, and the mean of its inner scores over all folds. */
  readonly settings: readonly { readonly name: string; readonly won: number; readonly mean: number }[];
  /** The choice of every fold under every seed. */
  readonly folds: readonly { readonly seed: number; readonly fold: string; readonly chosen: string }[];
  /** The settings as a table. */
  readonly table: string;
}

/**
 * Counts what the folds chose and writes selection.json at the top of the run.
 *
 * @throws {UserError} If a fold lacks its own.
 */
export async function collectSelection(run: string, plan: Plan): Promise<SelectionResults> {
  const names = innerSettings(plan.pipeline).map((setting) => setting.name);
  const won = names.map(() => 0), sums = names.map(() => 0);
  const folds: { seed: number; fold: string; chosen: string }[] = [];
  for (const seed of plan.pipeline.seeds) {
    for (const { name } of plan.folds) {
      const { chosen, settings } = await readSelection(foldFolder(run, seed, name));
      won[chosen] = won[chosen]! + 1;
      settings.forEach(({ value }, i) => sums[i] = sums[i]! + value);
      folds.push({ seed, fold: name, chosen: names[chosen] as string });
    }
  }
  const criterion = plan.pipeline.inner?.criterion ?? "uf1";
  const settings = names.map((name, i) => ({ name, won: won[i]!, mean: sums[i]! / folds.length }));
  const table = textTable(
    ["setting", "folds that chose it", `mean inner ${criterion}`],
    settings.map(({ name, won, mean }) => [name, String(won), mean.toFixed(4)]),
  );
  await writeWhole(
    `${run}/${selectionFile}`,
    JSON.stringify({ criterion, settings, folds }, null, 2) + "\n",
  );
  return { criterion, settings, folds, table };
}

/**
 * Reads how a fold chose its settings.
 *
 * @throws {UserError} If its selection.json is missing or broken.
 */
export async function readSelection(folder: string): Promise<Selection> {
  try {
    return JSON.parse(await Deno.readTextFile(`${folder}/${selectionFile}`));
  } catch {
    throw new UserError(
      `Cannot read ${folder}/${selectionFile}: it is missing or broken; remove ${folder} and run again with --resume.`,
    );
  }
}
