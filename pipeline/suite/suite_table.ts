import {
  compareMethods,
  type MethodRun,
  type MethodsComparison,
  methodsCsv,
  methodsLatex,
  methodsText,
  type PublishedTask,
} from "../../eval/mod.ts";
import { type Citation, UserError } from "../../types.ts";
import { comparisonMethod } from "../check_method.ts";
import { publishedTask } from "../published_task.ts";
import { type FinishedRun, readRun } from "../read_run.ts";
import { exists } from "../run_folder.ts";
import { writeWhole } from "../write_whole.ts";

/** The file that tells that a folder is a suite's. */
export const suiteFile = (folder: string): string => `${folder.replace(/\/+$/, "")}/suite.json`;

/** suite.json. */
export interface SuiteFile {
  /** The suite's name. */
  readonly name: string;
  /** The heading of its table. */
  readonly title: string;
  /** The folders of its runs. */
  readonly runs: readonly { readonly name: string; readonly method: string }[];
  /** The command. */
  readonly command: readonly string[];
}

/** A suite's table in every form. */
export interface SuiteReport {
  /** For a terminal. */
  readonly text: string;
  /** For a spreadsheet. */
  readonly csv: string;
  /** For a paper. */
  readonly latex: string;
  /** For a program. */
  readonly json: string;
}

/** Whether a folder is a suite's. */
export async function isSuiteFolder(folder: string): Promise<boolean> {
  return await exists(suiteFile(folder));
}

/** Reads suite.json. */
export async function readSuiteFile(folder: string): Promise<SuiteFile> {
  const file = suiteFile(folder);
  try {
    const value = JSON.parse(await Deno.readTextFile(file));
    if (typeof value?.title === "string" && Array.isArray(value.runs)) return value;
  } catch { /* said below */ }
  throw new UserError(`Cannot read ${file}: it is damaged; run the suite again with --resume.`);
}

/**
 * Sets out what a suite's runs have come to, finished or not, beside what is published: a table for each task. Trains nothing.
 *
 * @param folder The suite's folder.
 * @param options `seeds`: only these.
 * @throws {UserError} If it is none, its suite.json is damaged, or no run has one of the seeds. A run that cannot be read is left out and named.
 */
export async function readSuite(
  folder: string,
  { seeds }: { seeds?: readonly number[] } = {},
): Promise<SuiteReport> {
  const suite = await readSuiteFile(folder);
  const tasks = new Map<string, { runs: MethodRun[]; classes: readonly string[]; task?: PublishedTask }>();
  const missing: string[] = [], unreadable: string[] = [], known = new Set<number>();
  for (const { name, method } of suite.runs) {
    const path = `${folder.replace(/\/+$/, "")}/${name}`;
    if (!(await exists(`${path}/run.json`))) {
      missing.push(`${name} (${method})`);
      continue;
    }
    const run = await readRun(path).catch((error) => {
      if (!(error instanceof UserError)) throw error;
      unreadable.push(`${name} (${method}): ${error.message}`); // the others have their table all the same
    });
    if (run === undefined) continue;
    for (const seed of run.pipeline.seeds) known.add(seed);
    const { micro, protocol } = run.pipeline;
    const key = JSON.stringify([protocol, micro.classes, [...micro.databases].sort()]);
    const task = publishedTask(run.pipeline);
    if (!tasks.has(key)) tasks.set(key, { runs: [], classes: run.classes, ...(task ? { task } : {}) });
    tasks.get(key)!.runs.push(...methodRuns(run, seeds));
  }
  const lacking = seeds?.filter((seed) => !known.has(seed)) ?? [];
  if (lacking.length > 0) {
    const own = [...known].sort((a, b) => a - b).join(", ") || "none yet";
    throw new UserError(
      `Cannot set out ${folder}: no run of it has seed ${lacking.join(", ")}; they have ${own}.`,
    );
  }
  const parts = [...tasks.values()].map(({ runs, classes, task }) => compareMethods(runs, classes, task));
  const left = [
    ...missing.length === 0 ? [] : [`Not begun: ${missing.join(", ")}.`],
    ...unreadable.map((why) => `Left out: ${why}`),
  ].map((line) => `\n${line}\n`).join("");
  return {
    text: `${suite.title}\n\n${parts.map(methodsText).join("\n")}${left}`,
    csv: parts.map(methodsCsv).join("\n"),
    latex: parts.map(methodsLatex).join("\n"),
    json: `${
      JSON.stringify(
        { title: suite.title, tables: parts.map(withoutPredictions), notBegun: missing, leftOut: unreadable },
        null,
        2,
      )
    }\n`,
  };
}

/** Leaves comparison.txt, .json, .csv and .tex in the suite's folder. */
export async function writeSuiteReport(folder: string, report: SuiteReport): Promise<void> {
  const { text, json, csv, latex } = report;
  for (const [end, content] of Object.entries({ txt: text, json, csv, tex: latex })) {
    await writeWhole(`${folder.replace(/\/+$/, "")}/comparison.${end}`, content);
  }
}

function methodRuns({ pipeline, rows }: FinishedRun, wanted: readonly number[] | undefined): MethodRun[] {
  const definition = comparisonMethod(pipeline.method);
  return rows.map(({ row, title, seeds, incomplete }) => {
    const waiting = incomplete.filter(({ seed }) => wanted?.includes(seed) ?? true);
    return {
      method: pipeline.method,
      ...(definition ? {} : { row }),
      title: definition ? title : `macro2micro: ${title}`,
      paper: definition ? citationText(definition.citation) : "Xia & Wang 2021",
      synthetic: pipeline.synthetic !== undefined,
      seeds: seeds.filter(({ seed }) => wanted?.includes(seed) ?? true),
      ...(waiting.length > 0
        ? {
          note: waiting.map(({ seed, done, folds }) => `seed ${seed}: ${done} of ${folds} folds`).join(", "),
        }
        : {}),
    };
  });
}

/** `Gan et al. 2019`. */
function citationText({ authors: [first = "", second, third], year }: Citation): string {
  const names = third ? `${first} et al.` : second ? `${first} & ${second}` : first;
  return `${names} ${year}`;
}

function withoutPredictions({ methods, ...rest }: MethodsComparison): unknown {
  return {
    ...rest,
    methods: methods.map(({ ours, ...row }) => ({
      ...row,
      ...(ours ? { ours: { ...ours, seeds: ours.seeds.map(({ seed }) => seed) } } : {}),
    })),
  };
}
