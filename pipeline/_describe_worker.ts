// Makes the features of clips, one message a clip: for pipeline/describe_clips.ts.
import { type LabelledImage, UserError } from "../types.ts";
import { keepFeatures } from "./features.ts";
import type { PlanClip } from "./plan.ts";
import type { Pipeline } from "./schema.ts";

/** What the worker is sent. */
export interface DescribeTask {
  readonly pipeline: Pipeline;
  readonly clip: PlanClip;
  readonly folder: string;
  readonly image?: LabelledImage;
}

/** What it answers. */
export type DescribeAnswer = { readonly file: string } | {
  readonly error: string;
  readonly mistake: boolean;
};

interface WorkerScope {
  onmessage: (event: MessageEvent<DescribeTask>) => void;
  postMessage(answer: DescribeAnswer): void;
}
const self = globalThis as unknown as WorkerScope;

self.onmessage = async ({ data }: MessageEvent<DescribeTask>) => {
  const { pipeline, clip, folder, image } = data;
  try {
    self.postMessage({ file: await keepFeatures(pipeline, clip, folder, image) });
  } catch (error) {
    const mistake = error instanceof RangeError || error instanceof UserError;
    const told = mistake ? error.message : (error as Error).stack ?? String(error);
    self.postMessage({ error: told, mistake });
  }
};
