import {
  type Ablation,
  ablation,
  ablationCsv,
  ablationLatex,
  ablationText,
  type HeadAccuracies,
  publishedResults,
} from "../eval/mod.ts";
import { UserError } from "../types.ts";
import { checkPipeline } from "./check_pipeline.ts";
import { headAccuracies } from "./head_accuracies.ts";
import { publishedTask } from "./published_task.ts";
import { type FinishedRun, readRun } from "./read_run.ts";
import { ablationRows, guidanceTerms, type Pipeline, type RowName } from "./schema.ts";
import { writeWhole } from "./write_whole.ts";

/** The ablation of a run in every form. */
export interface AblationReport {
  /** The rows with their differences. */
  readonly ablation: Ablation;
  /** For a terminal. */
  readonly text: string;
  /** For a spreadsheet. */
  readonly csv: string;
  /** For a paper. */
  readonly latex: string;
  /** For a program. */
  readonly json: string;
  /** What was left out, a line each. */
  readonly notes: readonly string[];
}

const rowNames = Object.keys(ablationRows) as RowName[];

/** Whether a pipeline runs just the six rows already, in the paper's order. */
export function isAblation({ rows }: Pipeline): boolean {
  return rows?.join() === rowNames.join();
}

/**
 * A pipeline with the six rows of the paper's Tables 2 and 3 in place of its own. A term of Eq. 8 that it does not weigh gets the paper's
 * weight. All else stays, so that the rows differ in their terms alone.
 *
 * @throws {UserError} If the pipeline cannot run all rows (no macro source, one stream, another method).
 *
 * @example
 * ```ts
 * import { ablationPipeline, definePipeline } from "@macro2micro/mer/pipeline";
 * import { assertEquals } from "@std/assert";
 *
 * const pipeline = ablationPipeline(definePipeline({ name: "x", micro: { databases: ["smic"] }, macro: { databases: ["ckplus"] } }));
 * assertEquals([pipeline.rows?.length, pipeline.losses.relation?.weight], [6, 0.2]);
 * ```
 */
export function ablationPipeline(pipeline: Pipeline): Pipeline {
  if (isAblation(pipeline)) return pipeline;
  const terms = Object.fromEntries(guidanceTerms.map((term) => [term, pipeline.losses[term] ?? {}]));
  return checkPipeline(
    { ...pipeline, losses: { ...pipeline.losses, ...terms }, rows: rowNames },
    `${pipeline.name} with all ablation rows`,
  );
}

/**
 * Sets out the ablation of a run folder, finished or still going on: the seeds that are complete. Trains nothing.
 *
 * @throws {UserError} If the folder is no run of L_c and other rows, or no seed is complete.
 */
export async function readAblation(folder: string): Promise<AblationReport> {
  const run = await readRun(folder);
  if (run.rows.length < 2 || !run.rows.some(({ row }) => row === "lc")) {
    throw new UserError(
      `Cannot set out an ablation of ${folder}: it has the rows ${
        run.rows.map(({ row }) => row).join(", ")
      }; L_c (lc) and others are needed: make them with m2m ablate.`,
    );
  }
  const complete = run.pipeline.seeds.filter((seed) =>
    run.rows.every((row) => row.seeds.some((own) => own.seed === seed))
  );
  if (complete.length === 0) {
    throw new UserError(
      `Cannot set out an ablation of ${folder}: no seed is complete; go on with m2m ablate --resume.`,
    );
  }
  return report(run, complete, await headAccuracies(run, complete));
}

function report(
  run: FinishedRun,
  seeds: readonly number[],
  heads: Readonly<Record<string, HeadAccuracies>>,
): AblationReport {
  const { pipeline, classes, folder } = run;
  const task = publishedTask(pipeline);
  const found = ablation(
    run.rows.map(({ row, title, seeds: own }) => ({
      row,
      title,
      seeds: own.filter(({ seed }) => seeds.includes(seed)),
    })),
    classes,
    { published: task === undefined ? [] : publishedResults(task) },
  );
  const heading = {
    name: pipeline.name,
    synthetic: pipeline.synthetic !== undefined,
    ofThePaper: task !== undefined,
    heads,
  };
  const left = pipeline.seeds.filter((seed) => !seeds.includes(seed));
  const json = {
    ...heading,
    run: folder,
    task,
    engine: run.engine,
    classes,
    incompleteSeeds: left,
    ...found,
  };
  return {
    ablation: found,
    text: ablationText(found, heading),
    csv: ablationCsv(found),
    latex: ablationLatex(found),
    json: `${JSON.stringify(json, null, 2)}\n`,
    notes: left.map((seed) => `${folder}: seed ${seed} is left out, not all of its folds are done`),
  };
}

/** Leaves ablation.txt, .json, .csv and .tex in the run folder. */
export async function writeAblation(
  folder: string,
  { text, json, csv, latex }: AblationReport,
): Promise<void> {
  await writeWhole(`${folder}/ablation.txt`, text);
  await writeWhole(`${folder}/ablation.json`, json);
  await writeWhole(`${folder}/ablation.csv`, csv);
  await writeWhole(`${folder}/ablation.tex`, latex);
}
