import { readSafetensors } from "../models/mod.ts";
import { type Fold, UserError } from "../types.ts";
import { comparisonMethod } from "./check_method.ts";
import { describeClips } from "./describe_clips.ts";
import { flowClips } from "./flow_clips.ts";
import { keepClips } from "./keep_clips.ts";
import { makeFolds, refuseUnknownSubjects, withoutMicroPersons } from "./make_folds.ts";
import type { Plan, PlanClip } from "./plan.ts";
import { pretrainedFile } from "./pretrained_file.ts";
import { readPreparation } from "./read_preparation.ts";
import { readSamples } from "./read_samples.ts";
import { refuseIfStopped } from "./refuse_if_stopped.ts";
import { exists } from "./run_folder.ts";
import type { Pipeline } from "./schema.ts";
import { makeSynthetic, syntheticName } from "./synthetic_data.ts";

/** What `makePlan` needs beside the pipeline. */
export interface PlanOptions {
  /** The folder of the databases. @default "databases", or "databases/synthetic-<seed>..." for synthetic ones */
  data?: string;
  /** The folder of decoded clips. @default M2M_CACHE of the environment, or ".m2m/clips" */
  cache?: string;
  /** Clips at once, where a comparison method describes them. @default 1 */
  jobs?: number;
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
  const pretrained = pretrainedFile(pipeline, root);
  if (pretrained !== undefined) {
    await refuseUnlessWeights(
      pretrained,
      pipeline.network.pretrained ? "network.pretrained" : "methodSettings.pretrained",
    );
  }
  const { micro: found, macro, classes, labels } = pipeline.flow
    ? await flowClips(pipeline, root)
    : await frameClips(pipeline, root, { ...options, say });
  refuseUnlessUsable(found, classes, root);
  if (pipeline.flow) refuseUnknownSubjects(pipeline, found, root);
  const micro = comparisonMethod(pipeline.method)
    ? await describeClips(pipeline, found, { ...options, say })
    : found;
  const preparation = await readPreparation(root, pipeline.micro.databases);
  const all = makeFolds(pipeline, micro);
  const folds = small ? [...new Set([all[0] as Fold, all.at(-1) as Fold])] : all;
  say(
    `${micro.length} clips of ${subjectsOf(micro).length} subjects (${countClasses(micro, classes)})${
      macro.length > 0 ? `, ${macro.length} macro clips (${countClasses(macro, classes)})` : ""
    }; engine ${engine}`,
  );
  return {
    pipeline,
    classes,
    engine,
    data: root,
    labels,
    micro,
    macro,
    folds,
    ...(preparation ? { preparation } : {}),
    ...(pretrained === undefined ? {} : { pretrained }),
  };
}

/** Clips as frames: the paper's method. */
async function frameClips(pipeline: Pipeline, root: string, options: PlanOptions) {
  const { say } = options;
  const { micro, macro: found, classes, labels } = await readSamples(pipeline, root, say);
  refuseUnknownSubjects(pipeline, [...micro, ...found], root);
  const macro = withoutMicroPersons(pipeline, found, micro);
  if (macro.length < found.length) {
    say(
      `identities: ${found.length - macro.length} macro clips left out, of persons who are tested in a fold`,
    );
  }
  return { ...await keepClips(pipeline, { micro, macro }, options), classes, labels };
}

async function refuseUnlessFolder(root: string): Promise<void> {
  if (await exists(root)) return;
  throw new UserError(
    `Cannot find the databases: there is no folder ${root}; name the folder that holds them with --data (docs/databases.md shows the layout).`,
  );
}

/** Before hours of decoding, not after. */
async function refuseUnlessWeights(file: string, key: string): Promise<void> {
  const bytes = await Deno.readFile(file).catch((error) => {
    throw new UserError(
      error instanceof Deno.errors.NotFound
        ? `Cannot find the pretrained weights ${file}: put the file there or change ${key}.`
        : `Cannot read the pretrained weights ${file}: ${error.message}; change ${key}.`,
    );
  });
  readSafetensors(bytes, { file });
}

function refuseUnlessUsable(clips: readonly PlanClip[], classes: readonly string[], root: string): void {
  if (clips.length === 0) throw new UserError(`Cannot train: no usable clip was found below ${root}.`);
  const subjects = subjectsOf(clips);
  if (subjects.length < 2) {
    throw new UserError(
      `Cannot leave one subject out: ${root} has clips of one subject alone, ${subjects[0]}; two are needed.`,
    );
  }
  const present = new Set(clips.map((clip) => clip.classIndex));
  if (present.size < 2) {
    throw new UserError(
      `Cannot train: all clips below ${root} are of one class, ${classes[clips[0]?.classIndex as number]}.`,
    );
  }
}

function subjectsOf(clips: readonly PlanClip[]): string[] {
  return [...new Set(clips.map((clip) => `${clip.database}/${clip.subject}`))];
}

function countClasses(clips: readonly PlanClip[], classes: readonly string[]): string {
  return classes.map((name, c) => `${name} ${clips.filter((clip) => clip.classIndex === c).length}`).join(
    ", ",
  );
}
