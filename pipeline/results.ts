import {
  type Chance,
  chance,
  csvTable,
  type FiguresOverSeeds,
  overSeedsTable,
  type Score,
  score,
  type ScoresOverSeeds,
  scoresOverSeeds,
  scoreTable,
  type Summary,
  summary,
  writeMegc2019Log,
  writePredictions,
} from "../eval/mod.ts";
import { type Prediction, UserError } from "../types.ts";
import type { Plan } from "./plan.ts";
import { collectPeeked, type PeekedResults } from "./peeked_results.ts";
import { writeReport } from "./report/write_report.ts";
import { reportText } from "./report_text.ts";
import { pipelineRows, type Row, rowTitle } from "./rows.ts";
import { exists, foldFolder, macroFile, networkFile, readFold, trainedFile } from "./run_folder.ts";
import { collectSelection, type SelectionResults } from "./selection_results.ts";
import { writeWhole } from "./write_whole.ts";

/** The scores of one row under one seed. */
export interface RowScores {
  /** The row's folder name. */
  readonly row: string;
  /** The row's name in tables. */
  readonly title: string;
  /** The seed. */
  readonly seed: number;
  /** Full and per database. */
  readonly score: Score;
  /** What chance would score with its predictions. */
  readonly chance: Chance;
}

/** The scores of one row over all seeds. */
export interface RowOverSeeds {
  /** The row's folder name. */
  readonly row: string;
  /** The row's name in tables. */
  readonly title: string;
  /** The seeds. */
  readonly seeds: readonly number[];
  /** Mean, deviation and interval of every figure. */
  readonly scores: ScoresOverSeeds;
}

/** What a run came to. */
export interface RunResults {
  /** The run folder. */
  readonly run: string;
  /** The class names. */
  readonly classes: readonly string[];
  /** Every row and seed, rows in the pipeline's order. */
  readonly rows: readonly RowScores[];
  /** Every row over all seeds, in the same order. */
  readonly overSeeds: readonly RowOverSeeds[];
  /** What stands in summary.json: the last row's first seed. */
  readonly summary: Summary;
  /** The table that is printed: every row and seed, then both chances; with several seeds also every row over the seeds. */
  readonly table: string;
  /** What the folds chose, where the pipeline selects its settings. */
  readonly selection?: SelectionResults;
  /** What choosing epochs on the test subjects would have claimed, under --peek. */
  readonly peeked?: PeekedResults;
}

/**
 * Pools the folds' predictions and writes what DESIGN.md promises: predictions.csv, megc2019.log, summary.json and a report at
 * the top for the last row's first seed; with several rows or seeds, each in rows/<row>/seed<k>/, all in table.json and table.csv, and every row's mean,
 * deviation and interval over the seeds in over_seeds.json and over_seeds.csv.
 *
 * @throws {UserError} If a fold is missing.
 */
export async function collectResults(run: string, plan: Plan): Promise<RunResults> {
  const { seeds } = plan.pipeline;
  const rows = pipelineRows(plan.pipeline);
  const scores: RowScores[] = [];
  for (const row of rows) {
    for (const seed of seeds) {
      const predictions = await poolFolds(run, plan, seed, row);
      const result = scored(row, seed, predictions, plan);
      scores.push(result);
      if (rows.length * seeds.length > 1) {
        await writeScores(`${run}/rows/${row.name}/seed${seed}`, predictions, result);
      }
    }
  }
  const top = rows.at(-1) as Row;
  const seed = seeds[0] as number;
  const first = scores.find((s) => s.row === top.name && s.seed === seed) as RowScores;
  const overSeeds = rows.map((row): RowOverSeeds => ({
    row: row.name,
    title: rowTitle(plan.pipeline, row),
    seeds,
    scores: scoresOverSeeds(scores.filter((s) => s.row === row.name).map((s) => s.score)),
  }));
  const perSeed = scoreTable([
    ...scores.map(({ title, seed, score }) => ({
      name: seeds.length > 1 ? `${title}, seed ${seed}` : title,
      score,
    })),
    { name: "chance: majority", score: first.chance.majority },
    { name: "chance: shuffled", score: first.chance.shuffled },
  ]);
  const means = overSeedsTable(overSeeds.map(({ title, scores }) => ({ name: title, scores })));
  const results: RunResults = {
    run,
    classes: plan.classes,
    rows: scores,
    overSeeds,
    summary: summary(first.score, first.chance),
    table: seeds.length > 1 ? `${perSeed}\n${means}` : perSeed,
    ...(plan.pipeline.selection === "inner" ? { selection: await collectSelection(run, plan) } : {}),
    ...(plan.peek ? { peeked: await collectPeeked(run, plan, scores, first) } : {}),
  };
  if (scores.length > 1) {
    await writeWhole(`${run}/table.json`, JSON.stringify(tableRows(scores), null, 2) + "\n");
    await writeWhole(`${run}/table.csv`, tableCsv(scores));
    await writeWhole(`${run}/over_seeds.json`, JSON.stringify(overSeedsEntries(overSeeds), null, 2) + "\n");
    await writeWhole(`${run}/over_seeds.csv`, overSeedsCsv(overSeeds));
  }
  await writeWhole(`${run}/report.md`, await reportText(plan, results));
  await writeScores(run, await poolFolds(run, plan, seed, top), first);
  await writeReport(run);
  return results;
}

async function poolFolds(run: string, plan: Plan, seed: number, row: Row): Promise<Prediction[]> {
  const folds = await Promise.all(plan.folds.map((fold) => readFold(run, seed, fold.name)));
  return folds.flatMap((fold, i) => {
    const predictions = fold?.rows[row.name];
    if (!predictions) {
      const folder = foldFolder(run, seed, plan.folds[i]?.name as string);
      throw new UserError(
        `Cannot score ${run}: ${folder}/predictions.json lacks the row ${row.name}; remove ${folder} and run again with --resume.`,
      );
    }
    return predictions;
  });
}

function scored(row: Row, seed: number, predictions: readonly Prediction[], plan: Plan): RowScores {
  return {
    row: row.name,
    title: rowTitle(plan.pipeline, row),
    seed,
    score: score(predictions, plan.classes),
    chance: chance(predictions, plan.classes, { seed: "chance" }),
  };
}

async function writeScores(
  folder: string,
  predictions: readonly Prediction[],
  result: RowScores,
): Promise<void> {
  await writeWhole(`${folder}/predictions.csv`, writePredictions(predictions));
  await writeWhole(`${folder}/megc2019.log`, writeMegc2019Log(predictions));
  await writeWhole(
    `${folder}/summary.json`,
    JSON.stringify(summary(result.score, result.chance), null, 2) + "\n",
  );
}

function tableRows(scores: readonly RowScores[]): unknown[] {
  return scores.map(({ row, title, seed, score, chance }) => ({
    row,
    title,
    seed,
    ...summary(score, chance),
  }));
}

const measures = ["accuracy", "macroF1", "uf1", "uar"] as const;

/** A line for each row, seed and part. */
function tableCsv(scores: readonly RowScores[]): string {
  return csvTable(
    ["row", "title", "seed", "part", "n", ...measures],
    scores.flatMap(({ row, title, seed, score }) =>
      [["full", score] as const, ...Object.entries(score.perDatabase)].map(([part, figures]) => [
        row,
        title,
        seed,
        part,
        figures.n,
        ...measures.map((name) => figures[name]),
      ])
    ),
  );
}

/** As table.json: figures under `full` and under each database's name. */
function overSeedsEntries(rows: readonly RowOverSeeds[]): unknown[] {
  return rows.map(({ row, title, seeds, scores }) => ({
    row,
    title,
    seeds,
    full: scores.full,
    ...scores.perDatabase,
  }));
}

/** A line for each row, part and measure. */
function overSeedsCsv(rows: readonly RowOverSeeds[]): string {
  const lines = ({ row, title, scores }: RowOverSeeds, part: string, figures: FiguresOverSeeds) =>
    measures.map((name) => {
      const { mean, deviation, interval } = figures[name];
      return [
        row,
        title,
        scores.seeds,
        part,
        figures.n,
        name,
        mean,
        deviation,
        interval?.low,
        interval?.high,
      ];
    });
  return csvTable(
    ["row", "title", "seeds", "part", "n", "measure", "mean", "deviation", "low", "high"],
    rows.flatMap((row) => [
      ...lines(row, "full", row.scores.full),
      ...Object.entries(row.scores.perDatabase).flatMap(([part, figures]) => lines(row, part, figures)),
    ]),
  );
}

/** The networks that a run leaves, for its report. */
export async function checkpoints(run: string, plan: Plan): Promise<string[]> {
  const found: string[] = [];
  for (const seed of plan.pipeline.seeds) {
    const manet = macroFile(run, seed);
    if (await exists(manet)) found.push(manet.slice(run.length + 1));
    const row = pipelineRows(plan.pipeline).at(-1)?.name, [fold] = plan.folds;
    if (!row || !fold) continue;
    for (const file of [networkFile, trainedFile]) {
      if (await exists(file(foldFolder(run, seed, fold.name), row))) {
        found.push(file(`folds/seed${seed}/<fold>`, "<row>"));
      }
    }
  }
  return found;
}
