import { score, summary } from "../eval/mod.ts";
import { nearest } from "../nearest.ts";
import { type FinishedRun, readRun } from "../pipeline/read_run.ts";
import { pipelineRows, type Row } from "../pipeline/rows.ts";
import { exists, foldFolder, networkFile, recordFile } from "../pipeline/run_folder.ts";
import { networkSettings } from "../pipeline/stages/expression_network.ts";
import { UserError } from "../types.ts";
import type { ModelDescription } from "./model_description.ts";

/** Which of a run's networks. */
export interface RunModelOptions {
  /** The row of the ablation. @default the last row, which is the full method */
  readonly row?: string;
  /** The seed. @default the first one */
  readonly seed?: number;
}

/**
 * The model that a run's kept networks are: one member for each fold, by the fold's name, its file as it lies in the run folder.
 *
 * @throws {UserError} If the folder is no run, its method is another, or it kept no networks of the row and seed.
 */
export async function describeRun(folder: string, options: RunModelOptions = {}): Promise<ModelDescription> {
  const run = await readRun(folder);
  const { pipeline, folds } = run;
  if (pipeline.method !== "macro2micro") {
    throw new UserError(
      `Cannot take a model from ${folder}: its method is ${pipeline.method}; only networks of macro2micro can be used so.`,
    );
  }
  const { row, seed } = chosen(run, options);
  const members = await keptNetworks(folder, folds, row.name, seed);
  return {
    ...descriptionOf(run, row),
    members,
    origin: {
      ...originOf(run, row, seed),
      ...tested(run, row.name, seed, members.length),
    },
  };
}

/** What all models of a row have in common. */
export function descriptionOf(
  { pipeline, classes, preparation }: Pick<FinishedRun, "pipeline" | "classes" | "preparation">,
  row: Row,
): Omit<ModelDescription, "members" | "origin"> {
  const { frames, size, channels, interpolation, normalise, reference } = pipeline.clip;
  return {
    format: "macro2micro model",
    version: 1,
    name: pipeline.name,
    classes,
    network: networkSettings(pipeline, row.videoFeature),
    clip: { frames, size, channels, interpolation, normalise, reference },
    preparation: preparation ?? {
      align: { kind: "none" },
      note: "The run's databases were not made by m2m data prepare: frames were taken whole.",
    },
  };
}

/** Where a model comes from, but for how it was tested. */
export function originOf(
  { pipeline, versions }: Pick<FinishedRun, "pipeline" | "versions">,
  row: Row,
  seed: number,
): Omit<ModelDescription["origin"], "protocol" | "evaluated" | "note"> {
  return {
    pipeline,
    row: row.name,
    seed,
    databases: [...pipeline.micro.databases, ...pipeline.macro?.databases ?? []],
    versions,
  };
}

/** A sentence for models that must not be believed, with a space before it. */
export function shuffledNote({ pipeline }: Pick<FinishedRun, "pipeline">): string {
  return pipeline.shuffleLabels
    ? " It was trained on shuffled labels, as a check of honesty: its answers are of no use."
    : "";
}

function chosen(run: FinishedRun, options: RunModelOptions): { row: Row; seed: number } {
  const rows = pipelineRows(run.pipeline), { seeds } = run.pipeline;
  const { row: name = rows.at(-1)!.name, seed = seeds[0]! } = options;
  const row = rows.find((one) => one.name === name);
  if (row === undefined) {
    throw new UserError(
      `The run ${run.folder} has no row ${name}${nearest(name, rows.map((r) => r.name))}.`,
      2,
    );
  }
  if (!seeds.includes(seed)) {
    throw new UserError(`The run ${run.folder} has no seed ${seed} (known: ${seeds.join(", ")}).`, 2);
  }
  return { row, seed };
}

async function keptNetworks(
  run: string,
  folds: readonly string[],
  row: string,
  seed: number,
): Promise<ModelDescription["members"]> {
  const members: { name: string; file: string; sha256: string }[] = [];
  let done = 0;
  for (const name of folds) {
    const folder = foldFolder(run, seed, name), file = networkFile(folder, row);
    const record = await readChecksums(`${folder}/${recordFile}`);
    if (record !== undefined) done++;
    if (!(await exists(file))) continue;
    const sha256 = record?.[row];
    if (sha256 === undefined) {
      throw new UserError(
        `Cannot take a model from ${run}: ${folder}/${recordFile} does not tell the checksum of ${file}; run the fold again with --resume.`,
      );
    }
    members.push({ name, file: file.slice(run.length + 1), sha256 });
  }
  if (members.length > 0) return members;
  throw new UserError(
    done === 0
      ? `Cannot take a model from ${run}: no fold of seed ${seed} is finished; go on with --resume.`
      : `Cannot take a model from ${run}: it kept no networks; run again with keepCheckpoints: all, or make one of all subjects with m2m train-final PIPELINE.`,
  );
}

/** The checksums of a fold's networks by row; undefined where the fold is not done. */
async function readChecksums(file: string): Promise<Readonly<Record<string, string>> | undefined> {
  const text = await Deno.readTextFile(file).catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text).checkpoints ?? {};
  } catch {
    throw new UserError(`Cannot read ${file}: it is damaged; remove its folder and run again with --resume.`);
  }
}

/** How the networks were tested, and what that says of them together. */
function tested(
  run: FinishedRun,
  row: string,
  seed: number,
  members: number,
): Pick<ModelDescription["origin"], "protocol" | "evaluated" | "note" | "scores"> {
  const { pipeline: { protocol }, folds, classes } = run;
  const predictions = run.rows.find((one) => one.row === row)?.seeds.find((one) => one.seed === seed)
    ?.predictions;
  const unusual = shuffledNote(run);
  if (predictions === undefined || members < folds.length) {
    return {
      protocol,
      evaluated: false,
      note:
        `Only ${members} of the run's ${folds.length} folds are here, so there are no scores yet.${unusual}`,
    };
  }
  const { n, accuracy, uf1, uar } = summary(score(predictions, classes)).full;
  return {
    protocol,
    evaluated: true,
    scores: { n, accuracy, uf1, uar },
    note:
      `The scores are pooled over ${folds.length} folds, each network on subjects that it had not seen; what all of them together make of a new person was not measured.${unusual}`,
  };
}
