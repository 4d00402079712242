import { loadFlowImages } from "../data/mod.ts";
import { type LabelledImage, UserError } from "../types.ts";
import type { DescribeAnswer, DescribeTask } from "./_describe_worker.ts";
import { keepFeatures } from "./features.ts";
import type { PlanClip } from "./plan.ts";
import type { Pipeline } from "./schema.ts";

/** The settings of {@linkcode describeClips}. */
export interface DescribeClipsOptions {
  /** The folder of features. @default M2M_CACHE of the environment, or ".m2m/clips" */
  readonly cache?: string;
  /** Clips at once, each in a thread of its own. @default 1 */
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
  const lane = async (describe: Describe) => {
    for (let i = next++; i < clips.length; i = next++) {
      if (signal?.aborted) {
        throw new UserError("Stopped before any training. Clips described so far are kept.");
      }
      const clip = clips[i] as PlanClip, image = images?.get(nameOf(clip));
      const features = await describe({ pipeline, clip, folder, ...(image ? { image } : {}) }).catch(
        (error) => {
          next = clips.length;
          if (!(error instanceof RangeError) && !(error instanceof UserError)) throw error;
          const why = (error as Error).message.replace(/^Cannot [^:]*: /, "");
          throw new UserError(`Cannot describe ${nameOf(clip)} for ${pipeline.method}: ${why}.`);
        },
      );
      out[i] = { ...clip, features };
      if (++done % 50 === 0 && performance.now() - began > 3000) {
        say(`describing clips for ${pipeline.method}: ${done} of ${clips.length}`);
      }
    }
  };
  const threads = jobs > 1 ? Array.from({ length: Math.min(jobs, clips.length) }, () => new Thread()) : [];
  try {
    const lanes = threads.length > 0
      ? threads.map((thread) => lane((task) => thread.do(task)))
      : [lane(({ pipeline, clip, folder, image }) => keepFeatures(pipeline, clip, folder, image))];
    for (const ending of await Promise.allSettled(lanes)) {
      if (ending.status === "rejected") throw ending.reason;
    }
  } finally {
    for (const thread of threads) thread.end();
  }
  return out;
}

type Describe = (task: DescribeTask) => Promise<string>;

/** A thread that makes features, one clip at a time. */
class Thread {
  readonly #worker = new Worker(new URL("./_describe_worker.ts", import.meta.url).href, { type: "module" });

  do(task: DescribeTask): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<DescribeAnswer>) =>
        "file" in data
          ? resolve(data.file)
          : reject(data.mistake ? new RangeError(data.error) : new Error(data.error));
      this.#worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
      this.#worker.postMessage(task);
    });
  }

  end(): void {
    this.#worker.terminate();
  }
}

async function imagesOf(clips: readonly PlanClip[]): Promise<Map<string, LabelledImage>> {
  const images = await loadFlowImages((clips[0] as PlanClip).file);
  return new Map(images.map((image) => [nameOf(image), image]));
}

function nameOf({ database, subject, clip }: Pick<PlanClip, "database" | "subject" | "clip">): string {
  return `${database}/${subject}/${clip}`;
}
