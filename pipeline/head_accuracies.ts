import type { HeadAccuracies } from "../eval/mod.ts";
import type { FinishedRun } from "./read_run.ts";
import { foldFolder } from "./run_folder.ts";

const columns = {
  spatial: "spatialAccuracy",
  temporal: "temporalAccuracy",
  relation: "relationAccuracy",
} as const;

/**
 * How often D_s, D_t and C_s were right on the batches of the last third of stage (c), by row, mean over folds and seeds: from the histories that
 * the folds leave. Rows or heads without one are absent.
 */
export async function headAccuracies(
  { folder, rows, folds }: FinishedRun,
  seeds: readonly number[],
): Promise<Record<string, HeadAccuracies>> {
  const found: Record<string, HeadAccuracies> = {};
  for (const { row } of rows) {
    const files = seeds.flatMap((seed) =>
      folds.map((fold) => `${foldFolder(folder, seed, fold)}/history-${row}.csv`)
    );
    const texts = await Promise.all(files.map((file) => Deno.readTextFile(file).catch(() => "")));
    const tables = texts.map(guidedSteps);
    const heads = Object.entries(columns).flatMap(([head, column]) => {
      const values = tables.flatMap((steps) => lastThird(steps.flatMap((step) => step[column] ?? [])));
      return values.length > 0 ? [[head, values.reduce((a, b) => a + b) / values.length]] : [];
    });
    if (heads.length > 0) found[row] = Object.fromEntries(heads);
  }
  return found;
}

/** The steps of stage (c), each with its numbers by column. */
function guidedSteps(csv: string): Record<string, number>[] {
  const [head = "", ...lines] = csv.trim().split("\n");
  const names = head.split(",");
  return lines.map((line) => line.split(",")).filter((cells) => cells[names.indexOf("stage")] === "guided")
    .map((cells) =>
      Object.fromEntries(names.flatMap((name, c) => cells[c] ? [[name, Number(cells[c])]] : []))
    );
}

function lastThird<T>(values: readonly T[]): readonly T[] {
  return values.slice(values.length - Math.ceil(values.length / 3));
}
