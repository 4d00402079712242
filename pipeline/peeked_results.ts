import {
  type Figures,
  peekMark,
  peekMeaning,
  score,
  scoreTable,
  summary,
  writePeekedPredictions,
} from "../eval/mod.ts";
import { UserError } from "../types.ts";
import type { PeekedRow } from "./peek.ts";
import type { Plan } from "./plan.ts";
import type { RowScores } from "./results.ts";
import { foldFolder, peekedFile } from "./run_folder.ts";
import { writeWhole } from "./write_whole.ts";

/** What choosing the best epoch on the test subjects would have claimed. */
export interface PeekedResults {
  /** The table: every row honest and peeked, marked. */
  readonly table: string;
  /** What stands in PEEKED-summary.json. */
  readonly rows: readonly PeekedSummary[];
}

/** A row under one seed, as it is and as it would be claimed. */
export interface PeekedSummary {
  /** The row's folder name. */
  readonly row: string;
  /** The seed. */
  readonly seed: number;
  /** The last step's figures, over all predictions. */
  readonly honest: Figures;
  /** Those of the best epochs: full and for each database. */
  readonly PEEKED: ReturnType<typeof summary>;
  /** PEEKED less honest, over all predictions. */
  readonly lift: { readonly uf1: number; readonly uar: number; readonly accuracy: number };
  /** The chosen epoch of each fold, and how many there were. */
  readonly epochs: Readonly<Record<string, { readonly epoch: number; readonly of: number }>>;
}

/**
 * Writes what a run with --peek measured: PEEKED-summary.json, and PEEKED-predictions.csv at the top and for every row and seed. There is no MEGC2019 log of it:
 * its lines have no place for a mark.
 *
 * @throws {UserError} If a fold was trained without --peek.
 */
export async function collectPeeked(
  run: string,
  plan: Plan,
  scores: readonly RowScores[],
  top: RowScores,
): Promise<PeekedResults> {
  const rows: PeekedSummary[] = [];
  const lines: { name: string; score: ReturnType<typeof score> }[] = [];
  for (const honest of scores) {
    const { row, seed, title } = honest;
    const folds = await Promise.all(plan.folds.map((fold) => readPeeked(run, seed, fold.name, row)));
    const predictions = folds.flatMap((fold) => fold.predictions);
    const peeked = score(predictions, plan.classes);
    const csv = writePeekedPredictions(predictions);
    if (scores.length > 1) await writeWhole(`${run}/rows/${row}/seed${seed}/${predictionsFile}`, csv);
    if (honest === top) await writeWhole(`${run}/${predictionsFile}`, csv);
    const { n, accuracy, macroF1, uf1, uar } = honest.score;
    rows.push({
      row,
      seed,
      honest: { n, accuracy, macroF1, uf1, uar },
      [peekMark]: summary(peeked),
      lift: { uf1: peeked.uf1 - uf1, uar: peeked.uar - uar, accuracy: peeked.accuracy - accuracy },
      epochs: Object.fromEntries(
        plan.folds.map(({ name }, i) => [name, { epoch: folds[i]!.epoch, of: folds[i]!.epochs }]),
      ),
    });
    const name = plan.pipeline.seeds.length > 1 ? `${title}, seed ${seed}` : title;
    lines.push({ name: `${name}, last step`, score: honest.score }, {
      name: `${peekMark} ${name}`,
      score: peeked,
    });
  }
  await writeWhole(
    `${run}/PEEKED-summary.json`,
    JSON.stringify({ meaning: peekMeaning, rows }, null, 2) + "\n",
  );
  return { table: `${peekMeaning}\n\n${scoreTable(lines)}`, rows };
}

const predictionsFile = "PEEKED-predictions.csv";

async function readPeeked(run: string, seed: number, fold: string, row: string): Promise<PeekedRow> {
  const folder = foldFolder(run, seed, fold);
  try {
    const found = JSON.parse(await Deno.readTextFile(`${folder}/${peekedFile}`))[peekMark][row];
    if (found) return found;
  } catch { /* said below */ }
  throw new UserError(
    `Cannot tell what --peek measured in ${run}: ${folder}/${peekedFile} is missing or broken; remove ${folder} and run again with --resume.`,
  );
}
