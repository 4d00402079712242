import {
  applyLabelMap,
  ClipCache,
  compositeClasses,
  loadFlowImages,
  readComposite,
  readCompositeList,
  readDatabase,
  readLabelMap,
  synthesizeDatabases,
} from "../data/mod.ts";
import { leaveOneSubjectOut } from "../eval/mod.ts";
import { readSafetensors } from "../models/mod.ts";
import {
  type DatabaseName,
  type DatabaseReading,
  type Fold,
  type LabelledSample,
  type Problem,
  UserError,
} from "../types.ts";
import type { Plan, PlanClip } from "./plan.ts";
import { exists } from "./run_folder.ts";
import type { Pipeline } from "./schema.ts";

/** What `makePlan` needs beside the pipeline. */
export interface PlanOptions {
  /** The folder of the databases. @default "databases", or "databases/synthetic-<seed>..." for synthetic ones */
  data?: string;
  /** The folder of decoded clips. @default M2M_CACHE of the environment, or ".m2m/clips" */
  cache?: string;
  /** Ends the work: clips that are decoded stay in the cache. */
  signal?: AbortSignal;
  /** Whether only the first and the last fold are run. */
  small: boolean;
  /** Hears what is found and made, a line at a time. */
  say: (line: string) => void;
}

/**
 * From the databases on disk to the plan of a run: makes synthetic databases if the pipeline wants them, reads tables and folders,
 * maps labels, decodes every clip into the clip cache, splits into folds. Everything odd is said by name.
 *
 * @throws {UserError} If a database, list, map or frame is missing or wrong.
 */
export async function makePlan(pipeline: Pipeline, engine: string, options: PlanOptions): Promise<Plan> {
  const { small } = options;
  const say = (line: string) => { // said between any two pieces of work
    refuseIfStopped(options.signal);
    options.say(line);
  };
  const root = options.data ??
    (pipeline.synthetic ? `databases/${syntheticName(pipeline, small)}` : "databases");
  if (pipeline.synthetic) await makeSynthetic(pipeline.synthetic, root, options);
  else await refuseUnlessFolder(root);
  const { pretrained } = pipeline.network;
  if (pretrained) await refuseUnlessWeights(`${root}/${pretrained}`);
  const { micro, macro, classes } = pipeline.method === "ststnet"
    ? await flowClips(pipeline, root)
    : await frameClips(pipeline, root, { ...options, say });
  refuseUnlessUsable(micro, classes, root);
  const all = leaveOneSubjectOut(micro);
  const folds = small ? [...new Set([all[0] as Fold, all.at(-1) as Fold])] : all;
  say(
    `${micro.length} clips of ${all.length} subjects (${countClasses(micro, classes)})${
      macro.length > 0 ? `, ${macro.length} macro clips (${countClasses(macro, classes)})` : ""
    }; engine ${engine}`,
  );
  return {
    pipeline,
    classes,
    engine,
    micro,
    macro,
    folds,
    ...(pretrained ? { pretrained: `${root}/${pretrained}` } : {}),
  };
}

function syntheticName(pipeline: Pipeline, small: boolean): string {
  if (!small) return "synthetic";
  const { subjects } = pipeline.synthetic as NonNullable<Pipeline["synthetic"]>;
  return `synthetic-small-${
    Object.entries(subjects).filter(([, n]) => n > 0).map(([name]) => name).join("-")
  }`;
}

async function makeSynthetic(
  settings: NonNullable<Pipeline["synthetic"]>,
  root: string,
  { small, data, signal, say }: PlanOptions,
) {
  let next = 0;
  const { reused, notes } = await synthesizeDatabases(root, {
    ...settings,
    replace: small && data === undefined, // a folder of our own naming, for tests
    onProgress: ({ done, total }) => {
      refuseIfStopped(signal);
      if (done < total * next) return;
      say(`synthetic databases: ${done} of ${total} clips`);
      next += 0.25;
    },
  }).catch((error) => {
    if (!(error instanceof UserError) || signal?.aborted) throw error;
    throw new UserError(`${error.message} (another folder is named with --data).`, error.exitCode);
  });
  if (!reused) say(`synthetic databases made in ${root}`);
  for (const note of notes) say(note);
}

async function refuseUnlessFolder(root: string): Promise<void> {
  if (await exists(root)) return;
  throw new UserError(
    `Cannot find the databases: there is no folder ${root}; name the folder that holds them with --data (docs/databases.md shows the layout).`,
  );
}

/** Before hours of decoding, not after. */
async function refuseUnlessWeights(file: string): Promise<void> {
  const bytes = await Deno.readFile(file).catch((error) => {
    throw new UserError(
      error instanceof Deno.errors.NotFound
        ? `Cannot find the pretrained weights ${file}: put the file there or change network.pretrained.`
        : `Cannot read the pretrained weights ${file}: ${error.message}; change network.pretrained.`,
    );
  });
  readSafetensors(bytes, { file });
}

function refuseIfStopped(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new UserError(
    "Stopped before any training. Clips decoded so far are kept; run again with the same command.",
  );
}

/** Clips as frames: the paper's method. */
async function frameClips(pipeline: Pipeline, root: string, options: PlanOptions) {
  const { say } = options;
  const { micro, macro } = pipeline;
  const readings = new Map<DatabaseName, DatabaseReading>();
  for (const name of [...micro.databases, ...(macro?.databases ?? [])]) {
    const folder = `${root}/${name}`;
    if (!(await exists(folder))) {
      throw new UserError(
        `Cannot read ${name}: there is no folder ${folder}; put the database there or name its parent with --data (docs/databases.md).`,
      );
    }
    const reading = await readDatabase(name, folder);
    readings.set(name, reading);
    sayProblems(`${name} (${reading.edition}): ${reading.samples.length} clips`, reading.problems, say);
  }
  const of = (names: readonly DatabaseName[]) => names.map((name) => readings.get(name) as DatabaseReading);
  const { samples, classes } = await microSamples(pipeline, root, of(micro.databases), say);
  const macroSamples: LabelledSample[] = [];
  for (const [i, reading] of of(macro?.databases ?? []).entries()) {
    const map = await readLabelMap(
      macro?.labelMaps?.[i] ?? `${reading.database}-to-${mapTarget(micro.classes)}`,
    );
    const mapped = applyLabelMap(reading.samples, map, classes);
    macroSamples.push(...mapped.samples);
    const dropped = Object.entries(mapped.dropped).map(([label, n]) => `${label} ${n}`).join(", ");
    if (dropped) say(`${reading.database}: without a counterpart among the classes, left out: ${dropped}`);
  }
  if (macro && macroSamples.length === 0) {
    throw new UserError(
      `Cannot train MaNet: no clip of ${macro.databases.join(", ")} has a counterpart among the classes ${
        classes.join(", ")
      }.`,
    );
  }
  const cache = await ClipCache.open(options.cache ?? Deno.env.get("M2M_CACHE") ?? ".m2m/clips", {
    frames: pipeline.clip.frames,
    size: pipeline.clip.size,
    channels: pipeline.clip.channels,
    interpolation: pipeline.clip.interpolation,
  });
  return {
    micro: await keepAll(cache, samples, "micro", options),
    macro: await keepAll(cache, macroSamples, "macro", options),
    classes,
  };
}

async function microSamples(
  pipeline: Pipeline,
  root: string,
  readings: readonly DatabaseReading[],
  say: PlanOptions["say"],
): Promise<{ samples: readonly LabelledSample[]; classes: readonly string[] }> {
  const { databases, classes, list } = pipeline.micro;
  if (classes === "composite") {
    const chosen = (await readCompositeList(`${root}/${list}`)).filter((entry) =>
      databases.includes(entry.database)
    );
    const composite = await readComposite(chosen, readings);
    sayProblems(
      `composite: ${composite.samples.length} of ${chosen.length} listed clips`,
      composite.problems,
      say,
    );
    return { samples: composite.samples, classes: compositeClasses };
  }
  const set = await readLabelMap(classes);
  const [reading] = readings;
  if (!reading || set.from !== reading.database) {
    throw new UserError(
      `Cannot use the class set ${classes}: it is for ${set.from}, the pipeline reads ${
        databases.join(", ")
      }.`,
      2,
    );
  }
  const mapped = applyLabelMap(reading.samples, set, set.classes);
  const dropped = Object.entries(mapped.dropped).map(([label, n]) => `${label} ${n}`).join(", ");
  if (dropped) say(`${reading.database}: outside the class set ${classes}, left out: ${dropped}`);
  return { samples: mapped.samples, classes: set.classes };
}

/** The label map's second name: the composite's own, or the database's whose classes are used. */
function mapTarget(classes: string): string {
  return classes === "composite" ? "composite" : classes.split("-")[0] as string;
}

/** Four at a time: decoding is in other threads, and memory stays that of four clips. */
async function keepAll(
  cache: ClipCache,
  samples: readonly LabelledSample[],
  what: string,
  { say, signal }: PlanOptions,
): Promise<PlanClip[]> {
  const clips: PlanClip[] = new Array(samples.length);
  let next = 0, done = 0;
  const began = performance.now();
  const work = async () => {
    for (let i = next++; i < samples.length; i = next++) {
      const sample = samples[i] as LabelledSample;
      const { database, subject, clip, classIndex } = sample;
      refuseIfStopped(signal);
      clips[i] = { database, subject, clip, classIndex, file: await cache.keep(sample) };
      if (++done % 100 === 0 && performance.now() - began > 3000) {
        say(`decoding ${what} clips: ${done} of ${samples.length}`);
      }
    }
  };
  const endings = await Promise.allSettled(Array.from({ length: 4 }, () =>
    work().catch((error) => {
      next = samples.length; // the others finish the clip that they are at
      throw error;
    })));
  for (const ending of endings) if (ending.status === "rejected") throw ending.reason;
  return clips;
}

/** Clips as flow images: STSTNet. */
async function flowClips(pipeline: Pipeline, root: string) {
  const { folder, channels } = pipeline.flow as NonNullable<Pipeline["flow"]>;
  const databases: readonly string[] = pipeline.micro.databases;
  const images = await loadFlowImages(`${root}/${folder}`, { channels });
  const micro = images.filter((image) => databases.includes(image.database)).map((image): PlanClip => {
    const { database, subject, clip, classIndex, shape } = image;
    const [height, width] = shape;
    if (height !== 28 || width !== 28) {
      throw new UserError(
        `Cannot train STSTNet on ${root}/${folder}: its images are ${width}x${height}, the network reads 28x28; make them again.`,
      );
    }
    if (compositeClasses[classIndex] === undefined) {
      throw new UserError(
        `Cannot train STSTNet on ${root}/${folder}: manifest.csv gives ${database}/${subject}/${clip} the label ${classIndex}, which is none of 0, 1, 2; correct it.`,
      );
    }
    return { database, subject, clip, classIndex, file: `${root}/${folder}` };
  });
  return { micro, macro: [], classes: compositeClasses as readonly string[] };
}

function refuseUnlessUsable(clips: readonly PlanClip[], classes: readonly string[], root: string): void {
  if (clips.length === 0) throw new UserError(`Cannot train: no usable clip was found below ${root}.`);
  const subjects = new Set(clips.map((clip) => `${clip.database}/${clip.subject}`));
  if (subjects.size < 2) {
    throw new UserError(
      `Cannot leave one subject out: ${root} has clips of one subject alone, ${
        [...subjects][0]
      }; two are needed.`,
    );
  }
  const present = new Set(clips.map((clip) => clip.classIndex));
  if (present.size < 2) {
    throw new UserError(
      `Cannot train: all clips below ${root} are of one class, ${classes[clips[0]?.classIndex as number]}.`,
    );
  }
}

function countClasses(clips: readonly PlanClip[], classes: readonly string[]): string {
  return classes.map((name, c) => `${name} ${clips.filter((clip) => clip.classIndex === c).length}`).join(
    ", ",
  );
}

/** A line about a reading; problems that left a clip out each with their own, the others counted. */
function sayProblems(head: string, problems: readonly Problem[], say: PlanOptions["say"]): void {
  const dropped = problems.filter((p) => p.dropped);
  const others = problems.length - dropped.length;
  const kept = others === 1
    ? "1 oddity that leaves no clip out"
    : `${others} oddities that leave no clip out`;
  say(others > 0 ? `${head}; ${kept}` : head);
  for (const p of dropped) say(`  left out ${p.clip}: ${p.field} ${p.found}; ${p.remedy}`);
}
