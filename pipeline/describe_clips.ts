import { loadFlowImages } from "../data/mod.ts";
import { endText, JsonProcess } from "../json_process.ts";
import { type LabelledImage, UserError } from "../types.ts";
import type { DescribeAnswer, DescribeTask } from "./_describe_worker.ts";
import { errorOf } from "./_told_error.ts";
import { keepFeatures } from "./features.ts";
import { workerVariables } from "./jobs.ts";
import type { PlanClip } from "./plan.ts";
import { refuseIfStopped } from "./refuse_if_stopped.ts";
import type { Pipeline } from "./schema.ts";
import { StorageError } from "./write_whole.ts";

/** The settings of {@linkcode describeClips}. */
export interface DescribeClipsOptions {
  /** The folder of features. @default M2M_CACHE of the environment, or ".m2m/clips" */
  readonly cache?: string;
  /** Clips at once, each in a process of its own. @default 1 */
  readonly jobs?: number;
  /** Ends the work; what is made stays. */
  readonly signal?: AbortSignal;
  /** Hears how it goes on. */
  readonly say: (line: string) => void;
}

/**
 * Makes what a comparison method reads of every clip, before any fold is trained: all folds share it. Features that are in the cache are taken from there.
 *
 * @throws {UserError} If a clip cannot be described (too small for the settings), by its name.
 */
export async function describeClips(
  pipeline: Pipeline,
  clips: readonly PlanClip[],
  { cache, jobs = 1, signal, say }: DescribeClipsOptions,
): Promise<PlanClip[]> {
  const folder = cache ?? Deno.env.get("M2M_CACHE") ?? ".m2m/clips";
  const images = pipeline.flow ? await imagesOf(clips) : undefined;
  const out = new Array<PlanClip>(clips.length);
  let next = 0, done = 0;
  const began = performance.now();
  const lane = async (describe: (clip: PlanClip) => Promise<string>) => {
    for (let i = next++; i < clips.length; i = next++) {
      refuseIfStopped(signal);
      const clip = clips[i] as PlanClip;
      const features = await describe(clip).catch((error) => {
        next = clips.length;
        refuseIfStopped(signal); // a signal to the whole group may end a process, too
        if (error instanceof StorageError) throw error;
        if (!(error instanceof RangeError) && !(error instanceof UserError)) throw error;
        const why = error.message.replace(/^Cannot [^:]*: /, "").replace(/\.$/, "");
        throw new UserError(`Cannot describe ${nameOf(clip)} for ${pipeline.method}: ${why}.`);
      });
      out[i] = { ...clip, features };
      if (++done % 50 === 0 && performance.now() - began > 3000) {
        say(`describing clips for ${pipeline.method}: ${done} of ${clips.length}`);
      }
    }
  };
  // Flow images are read as they are: telling another process of them would take longer.
  const processes = images || jobs === 1 ? 0 : Math.min(jobs, clips.length);
  const helpers: Helper[] = [];
  try {
    while (helpers.length < processes) helpers.push(startHelper());
    const lanes = helpers.length > 0
      ? helpers.map((helper) => lane((clip) => ask(helper, { pipeline, clip, folder })))
      : [lane((clip) => keepFeatures(pipeline, clip, folder, images?.get(nameOf(clip))))];
    for (const ending of await Promise.allSettled(lanes)) {
      if (ending.status === "rejected") throw ending.reason;
    }
  } finally {
    await Promise.all(helpers.map((helper) => helper.end()));
  }
  return out;
}

type Helper = JsonProcess<DescribeAnswer>;

function startHelper(): Helper {
  return new JsonProcess(new URL("./_describe_worker.ts", import.meta.url), { env: workerVariables(1) });
}

/** Has another process make the features of a clip. */
async function ask(helper: Helper, task: DescribeTask): Promise<string> {
  helper.send(JSON.stringify(task));
  const answer = await helper.next();
  if (answer?.type === "done") return answer.file;
  if (answer) throw errorOf(answer);
  throw new UserError(endText(await helper.end()));
}

async function imagesOf(clips: readonly PlanClip[]): Promise<Map<string, LabelledImage>> {
  const images = await loadFlowImages((clips[0] as PlanClip).file);
  return new Map(images.map((image) => [nameOf(image), image]));
}

function nameOf({ database, subject, clip }: Pick<PlanClip, "database" | "subject" | "clip">): string {
  return `${database}/${subject}/${clip}`;
}
