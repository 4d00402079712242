import { readPredictions } from "../eval/mod.ts";
import { type Prediction, UserError } from "../types.ts";
import type { Plan } from "./plan.ts";
import type { Preparation } from "./preparation.ts";
import { pipelineRows, rowTitle } from "./rows.ts";
import { exists, planFile, readFold } from "./run_folder.ts";
import { type Pipeline, pipelineSchema } from "./schema.ts";

/** What a run has predicted so far. */
export interface FinishedRun {
  /** The run folder, as it was named. */
  readonly folder: string;
  /** The resolved pipeline, with the defaults of this version for keys that it did not have. */
  readonly pipeline: Pipeline;
  /** The class names. */
  readonly classes: readonly string[];
  /** The engine. */
  readonly engine: string;
  /** Versions of the software that ran it. */
  readonly versions: Readonly<Record<string, string>>;
  /** How its databases had been prepared, if `m2m data prepare` made them. */
  readonly preparation?: Preparation;
  /** The folds by name, as far as the run has planned any. */
  readonly folds: readonly string[];
  /** The rows, in the pipeline's order. */
  readonly rows: readonly FinishedRow[];
}

/** A row of a run. */
export interface FinishedRow {
  /** Its folder's name. */
  readonly row: string;
  /** Its name in tables. */
  readonly title: string;
  /** The seeds whose folds are all done, in the pipeline's order. */
  readonly seeds: readonly { readonly seed: number; readonly predictions: readonly Prediction[] }[];
  /** The others, with how many of their folds are done. */
  readonly incomplete: readonly { readonly seed: number; readonly done: number; readonly folds: number }[];
}

/**
 * Reads what a run has predicted: of every row and seed the predictions of all folds, whether the run is finished or still going on. Needs
 * neither the databases nor an engine.
 *
 * @param folder A run folder.
 * @throws {UserError} If it is none, or a file in it is damaged.
 *
 * @example
 * ```ts
 * import { definePipeline, readRun } from "@macro2micro/mer/pipeline";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir(); // here made by hand; usually by m2m run
 * const pipeline = definePipeline({ name: "x", micro: { databases: ["smic"] } });
 * await Deno.writeTextFile(`${folder}/run.json`, JSON.stringify({ pipeline, classes: ["no", "yes"], engine: "cpu" }));
 * await Deno.writeTextFile(`${folder}/predictions.csv`, "database,subject,clip,truth,prediction\nsmic,s1,a,0,1\n");
 * const { rows: [row] } = await readRun(folder);
 * assertEquals([row?.title, row?.seeds[0]?.predictions[0]?.prediction], ["L_c", 1]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function readRun(folder: string): Promise<FinishedRun> {
  const path = folder.replace(/\/+$/, "") || "/";
  const run = await readJson(path, "run.json") as {
    pipeline?: unknown;
    classes?: readonly string[];
    engine?: string;
    versions?: Readonly<Record<string, string>>;
    preparation?: Preparation;
  };
  if (typeof run?.pipeline !== "object" || !Array.isArray(run.classes) || typeof run.engine !== "string") {
    throw new UserError(
      `Cannot read ${path}/run.json: it is damaged or of another program; name a run folder.`,
    );
  }
  // The schema alone: rules that came later must not make an old run unreadable.
  const parsed = pipelineSchema.safeParse(run.pipeline);
  if (!parsed.success) {
    throw new UserError(
      `Cannot read ${path}/run.json: its pipeline is of another version; read it with the version that made it.`,
    );
  }
  const pipeline = parsed.data;
  const folds = await foldsOf(path);
  const rows: FinishedRow[] = [];
  const several = pipelineRows(pipeline).length * pipeline.seeds.length > 1;
  for (const row of pipelineRows(pipeline)) {
    const seeds: { seed: number; predictions: readonly Prediction[] }[] = [];
    const incomplete: { seed: number; done: number; folds: number }[] = [];
    for (const seed of pipeline.seeds) {
      const file = several
        ? `${path}/rows/${row.name}/seed${seed}/predictions.csv`
        : `${path}/predictions.csv`;
      if (await exists(file)) {
        seeds.push({ seed, predictions: readPredictions(await Deno.readTextFile(file), { file }) });
        continue;
      }
      const parts = await Promise.all(folds.map((fold) => readFold(path, seed, fold)));
      const done = parts.filter((part) => part?.rows[row.name] !== undefined);
      if (folds.length > 0 && done.length === folds.length) {
        seeds.push({ seed, predictions: done.flatMap((part) => part?.rows[row.name] ?? []) });
      } else incomplete.push({ seed, done: done.length, folds: folds.length });
    }
    rows.push({ row: row.name, title: rowTitle(pipeline, row), seeds, incomplete });
  }
  return {
    folder,
    pipeline,
    classes: run.classes,
    engine: run.engine,
    versions: run.versions ?? {},
    ...(run.preparation ? { preparation: run.preparation } : {}),
    folds,
    rows,
  };
}

/** The names of the folds; none where the run stopped before its plan was made. */
async function foldsOf(run: string): Promise<string[]> {
  if (!(await exists(planFile(run)))) return [];
  const plan = await readJson(run, planFile(run).slice(run.length + 1)) as Partial<Plan>;
  return (plan.folds ?? []).map(({ name }) => name);
}

async function readJson(run: string, name: string): Promise<unknown> {
  const text = await Deno.readTextFile(`${run}/${name}`).catch((error) => {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      throw new UserError(`Cannot read the run ${run}: it has no ${name}; name a folder that m2m run made.`);
    }
    throw new UserError(`Cannot read ${run}/${name}: ${error.message}; give a file that can be read.`);
  });
  try {
    return JSON.parse(text);
  } catch {
    const remedy = name === "run.json" ? "run again into another folder" : "run again with --resume";
    throw new UserError(`Cannot read ${run}/${name}: it is damaged; ${remedy}.`);
  }
}
