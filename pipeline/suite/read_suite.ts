import { dirname, join } from "node:path";
import { UserError } from "../../types.ts";
import { type LineOf, readYaml, type YamlFile } from "../_yaml_file.ts";
import { examinePipeline, type PipelineProblem, problemsError, schemaProblems } from "../check_pipeline.ts";
import { readPipeline } from "../read_pipeline.ts";
import type { Pipeline } from "../schema.ts";
import { depth, merged } from "./_merge.ts";
import { suiteSchema } from "./suite_schema.ts";

/** Several pipelines whose results make one table. */
export interface Suite {
  /** Names the default folder. */
  readonly name: string;
  /** The heading of the table. */
  readonly title: string;
  /** In the order in which they are run. No two have the same name. */
  readonly runs: readonly Pipeline[];
}

interface SuiteProblem extends PipelineProblem {
  /** Another file than the suite's. */
  readonly file?: string;
  readonly line: number | undefined;
}

/** Whether an experiment is a suite. */
export function isSuite(experiment: Pipeline | Suite): experiment is Suite {
  return "runs" in experiment;
}

/**
 * Reads what `m2m run` takes: a pipeline, or a suite of several.
 *
 * @throws {UserError} As {@linkcode readPipeline}; of a suite with every problem of all its pipelines, each with its file and line.
 *
 * @example
 * ```ts
 * import { isSuite, readExperiment } from "@macro2micro/mer/pipeline";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const suite = await readExperiment("experiments/compare_cde.yaml");
 * assert(isSuite(suite));
 * assertEquals(suite.runs[0]?.method, "lbp-top");
 * ```
 */
export async function readExperiment(file: string): Promise<Pipeline | Suite> {
  const yaml = await readYaml(file, "pipeline");
  return Object.hasOwn(yaml.value, "runs") ? await suiteOf(file, yaml) : await readPipeline(file);
}

async function suiteOf(file: string, { value, lines }: YamlFile): Promise<Suite> {
  const runs = Array.isArray(value.runs)
    ? value.runs.map((run: unknown) => typeof run === "string" ? { pipeline: run } : run)
    : value.runs;
  const input = { ...value, runs };
  const parsed = suiteSchema.safeParse(input);
  if (!parsed.success) {
    const lineOf = await lines();
    throw problemsError(
      `the suite ${file}`,
      schemaProblems(parsed.error, input, suiteSchema).map((p) => ({ ...p, line: lineOf(p.path) })),
    );
  }
  const suite = parsed.data;
  const problems: SuiteProblem[] = [];
  const found: Pipeline[] = [];
  for (const [i, run] of suite.runs.entries()) {
    const lineOf = once(lines);
    const base = await readBase(join(dirname(file), run.pipeline));
    if (base instanceof UserError) {
      problems.push({ path: ["runs", i], message: base.message, line: (await lineOf())(["runs", i]) });
      continue;
    }
    const { all = {}, runs: _ } = suite, { change = {} } = run;
    const { pipeline, problems: own } = examinePipeline(merged(merged(base.value, all), change));
    for (const { path, message } of own) {
      const [inChange, inAll, inBase] = [change, all, base.value].map((keys) => depth(keys, path));
      const place = placeOf(i, path, inChange!, inAll!, inBase!);
      problems.push(
        place
          ? { path: place, message, line: (await lineOf())(place) }
          : { file: run.pipeline, path, message, line: (await base.lines())(path) },
      );
    }
    if (pipeline === undefined) continue;
    const same = found.findIndex(({ name }) => name === pipeline.name);
    if (same >= 0) {
      const message = `has the name ${pipeline.name}, as another before it: add change: { name: ... }`;
      problems.push({ path: ["runs", i], message, line: (await lineOf())(["runs", i]) });
    }
    found.push(pipeline);
  }
  if (problems.length > 0) throw problemsError(`the suite ${file}`, distinct(problems));
  return { name: suite.name, title: suite.title, runs: found };
}

/** A pipeline file as it stands, or what is wrong with it. */
async function readBase(file: string): Promise<YamlFile | UserError> {
  try {
    const yaml = await readYaml(file, "pipeline");
    if (!Object.hasOwn(yaml.value, "runs")) return yaml;
    return new UserError(`${file} is a suite itself; name pipelines`, 2);
  } catch (error) {
    if (error instanceof UserError) return new UserError(error.message.replace(/[.;][^.;]*\.$/, ""), 2);
    throw error;
  }
}

/** Where in the suite a problem of a pipeline was made, if it was there. */
function placeOf(
  run: number,
  path: readonly PropertyKey[],
  inChange: number,
  inAll: number,
  inBase: number,
): PropertyKey[] | undefined {
  if (inChange > 0 && inChange >= Math.max(inAll, inBase)) return ["runs", run, "change", ...path];
  if (inAll > 0 && inAll >= inBase) return ["all", ...path];
  return undefined;
}

/** What `all` breaks, it breaks in many pipelines. */
function distinct(problems: readonly SuiteProblem[]): SuiteProblem[] {
  return [...new Map(problems.map((p) => [JSON.stringify([p.file, p.path, p.message]), p])).values()];
}

function once(lines: () => Promise<LineOf>): () => Promise<LineOf> {
  let found: Promise<LineOf> | undefined;
  return () => found ??= lines();
}
