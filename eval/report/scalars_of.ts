import { score } from "../score.ts";
import type { ScalarPoint } from "./event_file.ts";
import { meanCurves } from "./mean_curves.ts";
import type { ReportRun } from "./types.ts";

/**
 * The numbers of a run for TensorBoard by folder: the means over folds of every loss and accuracy of every stage, row by row and over all seeds, under
 * `<row>` (what the rows share under `macro`), and the scores of each row and seed under `<row>/seed<k>`.
 */
export function scalarsOf(run: ReportRun): Map<string, ScalarPoint[]> {
  const folders = new Map<string, ScalarPoint[]>();
  const add = (folder: string, point: ScalarPoint) => {
    const points = folders.get(folder);
    if (points) points.push(point);
    else folders.set(folder, [point]);
  };
  for (const row of new Set(run.histories.map(({ row }) => row))) {
    for (
      const { stage, value, points } of meanCurves(run.histories.filter((history) => history.row === row))
    ) {
      for (const { step, mean } of points) {
        add(row || "macro", { step, tag: `${stage}/${value}`, value: mean });
      }
    }
  }
  for (const { row, seed, predictions } of run.rows) {
    const { perDatabase, ...full } = score(predictions, run.classes);
    for (const [part, figures] of [["full", full] as const, ...Object.entries(perDatabase)]) {
      for (const name of ["uf1", "uar", "accuracy"] as const) {
        add(`${row}/seed${seed}`, { step: 0, tag: `score/${part}/${name}`, value: figures[name] });
      }
    }
  }
  return folders;
}
