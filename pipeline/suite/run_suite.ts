import { sha256 } from "../../sha256.ts";
import { UserError } from "../../types.ts";
import { runProgress } from "../progress/run_progress.ts";
import { pipelineRows } from "../rows.ts";
import { type RunOptions, runPipeline } from "../run.ts";
import { exists } from "../run_folder.ts";
import type { Pipeline } from "../schema.ts";
import { small } from "../small.ts";
import { StorageError, writeWhole } from "../write_whole.ts";
import type { Suite } from "./read_suite.ts";
import {
  isSuiteFolder,
  readSuite,
  readSuiteFile,
  type SuiteFile,
  suiteFile,
  type SuiteReport,
  writeSuiteReport,
} from "./suite_table.ts";

/** What a suite came to. */
export interface SuiteResults {
  /** The suite's folder. */
  readonly folder: string;
  /** Its table. */
  readonly report: SuiteReport;
  /** The runs that failed, each with why. */
  readonly failures: readonly { readonly name: string; readonly why: string }[];
}

/**
 * Runs every pipeline of a suite, one after the other, each in a folder below the suite's, and sets out what they came to. A run that fails does not end the
 * others. Synthetic databases are made below `data`, a folder for each set of settings, so that runs of equal settings read the same clips.
 *
 * @param options As of a run; `out` is the suite's folder, by default `runs/<name>`.
 * @throws {UserError} If the folder holds something else, or the suite was stopped.
 */
export async function runSuite(suite: Suite, options: Omit<RunOptions, "peek"> = {}): Promise<SuiteResults> {
  const { resume = false, command = [], quiet = false, signal } = options;
  const folder = options.out ?? `runs/${suite.name}${options.small ? "-small" : ""}`;
  await refuseUnlessOurs(folder, suite, resume);
  await writeWhole(
    suiteFile(folder),
    JSON.stringify(
      {
        name: suite.name,
        title: suite.title,
        runs: suite.runs.map(({ name, method }) => ({ name, method })),
        command,
      } satisfies SuiteFile,
      null,
      2,
    ) + "\n",
  );
  const failures: { name: string; why: string }[] = [];
  for (const [i, pipeline] of suite.runs.entries()) {
    const progress = runProgress(quiet ? "none" : options.progress);
    const title = pipelineRows(pipeline).at(-1)?.title;
    progress.line(`${i + 1} of ${suite.runs.length}: ${title} (${pipeline.name})`);
    progress.end();
    const data = dataOf(pipeline, options);
    try {
      await runPipeline(pipeline, {
        ...options,
        ...(data === undefined ? {} : { data }),
        out: `${folder}/${pipeline.name}`,
        resume,
      });
    } catch (error) {
      if (signal?.aborted || error instanceof StorageError) throw error;
      if (!(error instanceof UserError)) console.error(error); // a defect: its stack tells where
      failures.push({ name: pipeline.name, why: (error as Error).message });
    }
  }
  const report = await readSuite(folder);
  await writeSuiteReport(folder, report);
  return { folder, report, failures };
}

function dataOf(pipeline: Pipeline, { data, small: shrink }: RunOptions): string | undefined {
  const { synthetic } = shrink ? small(pipeline) : pipeline;
  if (synthetic === undefined) return data;
  const facts = new TextEncoder().encode(JSON.stringify(synthetic));
  return `${data ?? "databases"}/synthetic-${sha256(facts).slice(0, 8)}`;
}

async function refuseUnlessOurs(folder: string, { name }: Suite, resume: boolean): Promise<void> {
  if (await isSuiteFolder(folder)) {
    if (!resume) {
      throw new UserError(
        `Cannot run in ${folder}: it holds a suite already; go on with --resume, or choose another folder with --out.`,
        2,
      );
    }
    const before = await readSuiteFile(folder).catch(() => undefined); // a damaged one is written anew; each run looks after itself
    if (before === undefined || before.name === name) return;
    throw new UserError(
      `Cannot go on in ${folder}: it holds the suite ${before.name}, not ${name}; choose another folder with --out.`,
      2,
    );
  }
  if (!(await exists(folder)) || await isEmpty(folder)) return;
  throw new UserError(
    `Cannot run in ${folder}: the folder holds something else; choose another with --out.`,
    2,
  );
}

async function isEmpty(folder: string): Promise<boolean> {
  try {
    for await (const _ of Deno.readDir(folder)) return false;
    return true;
  } catch {
    return false; // a file
  }
}
