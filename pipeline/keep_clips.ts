import { ClipCache } from "../data/mod.ts";
import type { LabelledSample } from "../types.ts";
import type { PlanOptions } from "./make_plan.ts";
import type { PlanClip } from "./plan.ts";
import type { PipelineSamples } from "./read_samples.ts";
import { refuseIfStopped } from "./refuse_if_stopped.ts";
import type { Pipeline } from "./schema.ts";

/** Decodes every sample into the clip cache, unless it is there. */
export async function keepClips(
  pipeline: Pipeline,
  { micro, macro }: Pick<PipelineSamples, "micro" | "macro">,
  options: PlanOptions,
): Promise<{ micro: PlanClip[]; macro: PlanClip[] }> {
  const { frames, size, channels, interpolation } = pipeline.clip;
  const folder = options.cache ?? Deno.env.get("M2M_CACHE") ?? ".m2m/clips";
  const cache = await ClipCache.open(folder, { frames, size, channels, interpolation });
  return {
    micro: await keepAll(cache, micro, "micro", options),
    macro: await keepAll(cache, macro, "macro", options),
  };
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
