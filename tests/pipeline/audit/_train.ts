// Trains a pipeline in this process, through a data layer of the test: what leaks there leaks truly, and only the records tell.
import { type DataLayer, honestData } from "../../../pipeline/data_layer.ts";
import { makePlan } from "../../../pipeline/make_plan.ts";
import { methodOf } from "../../../pipeline/methods/mod.ts";
import { type AuditOptions, auditRun, type FindingKind, type Pipeline } from "../../../pipeline/mod.ts";
import type { Plan } from "../../../pipeline/plan.ts";
import { writePredictions } from "../../../eval/mod.ts";
import { pipelineRows } from "../../../pipeline/rows.ts";
import { planFile, readFold } from "../../../pipeline/run_folder.ts";
import { writeWhole } from "../../../pipeline/write_whole.ts";
import { useEngine } from "../../_engine.ts";
import { testFolder } from "../_tiny.ts";

/** What a test changes of an honest run. */
export interface Leak {
  /** Parts of the data layer in place of the honest ones. */
  readonly data?: Partial<DataLayer>;
  /** Changes the plan before anything is trained. */
  readonly plan?: (plan: Plan) => Plan;
  /** The folder of the databases. */
  readonly root?: string;
  /** The folder of the clip cache. */
  readonly cache?: string;
}

/** Runs every job of a pipeline into a folder of the test, and gives it. */
export async function trainHere(pipeline: Pipeline, out: string, leak: Leak = {}): Promise<string> {
  const { name: engine } = await useEngine();
  const run = `${testFolder()}/${out}`;
  const made = await makePlan(pipeline, engine, {
    data: leak.root ?? `${testFolder()}/data`,
    cache: leak.cache ?? `${testFolder()}/cache`,
    small: false,
    say: () => {},
  });
  const plan = leak.plan?.(made) ?? made;
  await writeWhole(planFile(run), JSON.stringify(plan));
  const data = { ...honestData, ...leak.data };
  const method = methodOf(pipeline), report = () => Promise.resolve();
  for (const seed of pipeline.seeds) {
    if (plan.macro.length > 0) await method.trainMacro(plan, run, seed, report, { data });
    for (const i of plan.folds.keys()) await method.trainFold(plan, run, i, seed, report, { data });
  }
  // What collectResults writes of it; the report would take longer than the training.
  const row = pipelineRows(pipeline).at(-1)!.name;
  const folds = await Promise.all(plan.folds.map((fold) => readFold(run, pipeline.seeds[0]!, fold.name)));
  await writeWhole(`${run}/predictions.csv`, writePredictions(folds.flatMap((fold) => fold!.rows[row]!)));
  return run;
}

/** The findings of an audit as [kind, where, what]. */
export async function found(
  run: string,
  options: AuditOptions = {},
): Promise<[FindingKind, string, string][]> {
  const { findings } = await auditRun(run, options);
  return findings.map(({ kind, where, what }) => [kind, where, what]);
}
