import { nearest } from "../nearest.ts";
import { launchLocal } from "../pipeline/launch/local.ts";
import { pipelineRows } from "../pipeline/rows.ts";
import { inRunFolder, type RunOptions, stopped } from "../pipeline/run.ts";
import { exists, foldFolder, networkFile } from "../pipeline/run_folder.ts";
import type { Pipeline } from "../pipeline/schema.ts";
import { versions } from "../pipeline/versions.ts";
import { removeLeftovers } from "../pipeline/_leftovers.ts";
import { sha256 } from "../sha256.ts";
import { UserError } from "../types.ts";
import { descriptionOf, originOf, shuffledNote } from "./describe_run.ts";
import { writeModel } from "./export_model.ts";
import type { ModelDescription } from "./model_description.ts";

/** The settings of {@linkcode trainFinal}. */
export interface TrainFinalOptions
  extends
    Pick<RunOptions, "data" | "cache" | "resume" | "small" | "quiet" | "progress" | "command" | "signal"> {
  /** The row of the ablation. @default the pipeline's last, which is the full method */
  readonly row?: string;
  /** What fresh weights and draws come from. @default the pipeline's first */
  readonly seed?: number;
}

/** The one fold: everybody is trained on, nobody is left to be tested. */
const name = "final";

/**
 * Trains one model on all subjects, stages (a), (b) and (c), and writes its folder as `exportModel` does, marked as not evaluated. What the training leaves (MaNet,
 * history, record, checkpoints until it is done) is in `training/` of that folder.
 *
 * @param pipeline Of the method macro2micro.
 * @param out A new or an empty folder; with `resume` one that has been begun.
 * @throws {UserError} As `runPipeline`, and for other methods or an unknown row.
 */
export async function trainFinal(
  pipeline: Pipeline,
  out: string,
  { row: wanted, seed = pipeline.seeds[0]!, ...options }: TrainFinalOptions = {},
): Promise<ModelDescription> {
  if (pipeline.method !== "macro2micro") {
    throw new UserError(
      `Cannot train a final model of ${pipeline.name}: its method is ${pipeline.method}; only macro2micro can be used so.`,
      2,
    );
  }
  const rows = pipelineRows(pipeline);
  const row = wanted === undefined ? rows.at(-1)! : rows.find((one) => one.name === wanted);
  if (row === undefined) {
    throw new UserError(
      `The pipeline ${pipeline.name} has no row ${wanted}${nearest(wanted!, rows.map((one) => one.name))}.`,
      2,
    );
  }
  await refuseUnlessOurs(out);
  const one: Pipeline = {
    ...pipeline,
    ...(pipeline.rows ? { rows: [row.name] as NonNullable<Pipeline["rows"]> } : {}),
    keepCheckpoints: "all",
  };
  const everybody = (clips: readonly unknown[]) => [
    { name, database: "*", subject: "*", train: clips.map((_, i) => i), test: [] },
  ];
  const run = `${out}/training`;
  return await inRunFolder(
    one,
    { ...options, out: run, seeds: [seed], folds: (plan) => everybody(plan.micro) },
    async (run, plan, progress) => {
      const failures = await launchLocal(run, plan, {
        jobs: 1,
        progress,
        ...(options.signal ? { signal: options.signal } : {}),
      });
      progress.end();
      if (options.signal?.aborted) throw stopped(run, options.command ?? []);
      if (failures.length > 0) {
        throw new UserError(
          `The training in ${run} failed twice. When the cause is gone, go on with the same command and --resume.\n` +
            failures.map((line) => `  ${line}`).join("\n"),
        );
      }
      const file = networkFile(foldFolder(run, seed, name), row.name);
      const bytes = await Deno.readFile(file);
      await removeLeftovers(run);
      const facts = { ...plan, versions: versions() };
      return await writeModel(
        {
          ...descriptionOf(facts, row),
          members: [{ name, file, sha256: sha256(bytes) }],
          origin: {
            ...originOf(facts, row, seed),
            protocol: "none",
            evaluated: false,
            note:
              `Not evaluated: it was trained on all ${plan.micro.length} clips of all subjects, so nobody is left whom it has not seen. What the same pipeline scores on unseen subjects is measured by m2m run.${
                shuffledNote(facts)
              }`,
          },
        },
        () => Promise.resolve(bytes),
        out,
      );
    },
  );
}

/** The folder may hold a training of ours; whether that is the same one is checked with it. */
async function refuseUnlessOurs(out: string): Promise<void> {
  if (await exists(`${out}/training`)) return;
  try {
    for await (const { name } of Deno.readDir(out)) {
      throw new UserError(
        `Cannot train into ${out}: the folder holds something else (${name}); give an empty or a new one with --out.`,
        2,
      );
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (error instanceof Deno.errors.NotFound) return;
    throw new UserError(
      `Cannot train into ${out}: ${(error as Error).message}; give another folder with --out.`,
    );
  }
}
