import { peekMeaning, readScoreFile, type RunToCompare } from "../eval/mod.ts";
import { nearest } from "../nearest.ts";
import { UserError } from "../types.ts";
import { publishedTask } from "./published_task.ts";
import { type FinishedRow, type FinishedRun, readRun } from "./read_run.ts";

/** A run with where it comes from. */
export interface RunSource extends RunToCompare {
  /** The file or run folder. */
  readonly path: string;
  /** The row, of a run folder. */
  readonly row?: string;
  /** The row's name in tables. */
  readonly title?: string;
  /** As it was named on the command line. */
  readonly spec: string;
  /** Whether its data is synthetic; absent where that is not known. */
  readonly synthetic?: boolean;
  /** The task with published results that it is, if any. */
  readonly task?: ReturnType<typeof publishedTask>;
}

/** Options of {@linkcode runsToCompare}. */
export interface RunsToCompareOptions {
  /** Only these seeds of run folders. @default all that are complete */
  seeds?: readonly number[];
  /** Hears what was left out, a line at a time. @default nothing is said */
  say?: (line: string) => void;
}

/**
 * Reads what is to be compared: run folders (`runs/a`, or rows of one: `runs/a:lc`, `runs/a:lc,all`), predictions.csv files and MEGC2019 logs. A
 * folder without rows stands for its last row; if it is all that is given, for all its rows.
 *
 * @throws {UserError} If one cannot be read, lacks a row or seed, or is named twice.
 */
export async function runsToCompare(
  specs: readonly string[],
  options: RunsToCompareOptions = {},
): Promise<RunSource[]> {
  const found: RunSource[] = [];
  for (const spec of specs) found.push(...await read(spec, specs.length === 1, options));
  if (found.length < 2) {
    throw new UserError(
      "m2m compare takes two runs or more: run folders (DIR or DIR:ROW), predictions.csv files or MEGC2019 logs; see m2m --help.",
      2,
    );
  }
  return named(found);
}

async function read(spec: string, alone: boolean, options: RunsToCompareOptions): Promise<RunSource[]> {
  const { path, rows } = await place(spec);
  const { isDirectory } = await Deno.stat(path);
  if (isDirectory) return (await readFolder(path, rows, alone, options)).map((run) => ({ ...run, spec }));
  if (rows !== undefined) {
    throw new UserError(`Cannot compare ${spec}: ${path} is a file; only a run folder has rows.`, 2);
  }
  const { predictions, classes, peeked } = await readScoreFile(path);
  if (peeked) {
    throw new UserError(`Cannot compare ${path}: ${peekMeaning} Give the predictions.csv beside it.`);
  }
  return [{ name: path, spec, path, classes, seeds: [{ predictions }] }];
}

/** A path may hold a colon itself: what exists as a whole is a path. */
async function place(spec: string): Promise<{ path: string; rows?: string[] }> {
  const there = (path: string) => Deno.stat(path).then(() => true, () => false);
  if (await there(spec)) return { path: spec };
  const colon = spec.lastIndexOf(":");
  const [path, rows] = [spec.slice(0, colon), spec.slice(colon + 1)];
  if (colon > 0 && await there(path)) return { path, rows: rows.split(",") };
  throw new UserError(`Cannot compare ${spec}: there is no such file or folder; check the path.`);
}

async function readFolder(
  path: string,
  names: readonly string[] | undefined,
  alone: boolean,
  { seeds, say = () => {} }: RunsToCompareOptions,
): Promise<Omit<RunSource, "spec">[]> {
  const run = await readRun(path);
  const rows = names?.map((name) => rowOf(run, name)) ?? (alone ? run.rows : run.rows.slice(-1));
  return rows.map((row) => {
    const complete = row.seeds.filter(({ seed }) => seeds?.includes(seed) ?? true);
    const lacking = seeds?.filter((seed) => !row.seeds.some((own) => own.seed === seed)) ?? [];
    const where = run.rows.length > 1 ? `${path}, row ${row.row}` : path;
    if (lacking.length > 0) {
      throw new UserError(
        `Cannot compare ${where}: seed ${lacking.join(", ")} is not there or not complete; it has ${
          row.seeds.map(({ seed }) => seed).join(", ") || "none"
        }.`,
      );
    }
    for (const { seed, done, folds } of seeds === undefined ? row.incomplete : []) {
      say(`${where}: seed ${seed} is left out, ${done} of ${folds} folds are done`);
    }
    if (complete.length === 0) {
      throw new UserError(`Cannot compare ${where}: no seed of it is complete; go on with m2m run --resume.`);
    }
    const task = publishedTask(run.pipeline);
    return {
      name: run.rows.length > 1 ? `${path}:${row.row}` : path,
      path,
      row: row.row,
      title: row.title,
      synthetic: run.pipeline.synthetic !== undefined,
      ...(task === undefined ? {} : { task }),
      classes: run.classes,
      seeds: complete,
    };
  });
}

function rowOf(run: FinishedRun, name: string): FinishedRow {
  const found = run.rows.find(({ row }) => row === name);
  if (found !== undefined) return found;
  const known = run.rows.map(({ row }) => row);
  throw new UserError(
    `Cannot compare ${run.folder}:${name}: it has no row ${name}${nearest(name, known)}.`,
    2,
  );
}

/** Short names where they tell the runs apart: rows' titles within one folder, else the last part of the path. */
function named(runs: readonly RunSource[]): RunSource[] {
  const last = (run: RunSource) => run.name.replace(/\/+(?=:|$)/, "").replace(/^.*\/(?=.)/, "");
  const oneFolder = new Set(runs.map(({ path }) => path)).size === 1;
  const choices = [
    ...oneFolder ? [runs.map(({ name, title }) => title ?? name)] : [],
    runs.map(last),
    runs.map(({ name }) => name),
  ];
  const names = choices.find((names) => new Set(names).size === names.length);
  if (names === undefined) {
    const twice = runs.find(({ name }, i) => runs.findIndex((run) => run.name === name) < i);
    throw new UserError(`Cannot compare ${twice?.name} with itself: it was named twice.`, 2);
  }
  return runs.map((run, i) => ({ ...run, name: names[i] as string }));
}
