import { comparisonMethod } from "./check_method.ts";
import type { Pipeline } from "./schema.ts";

/**
 * Shrinks any pipeline to seconds, for tests: synthetic data, width 4, a few steps, two folds (the runner takes the
 * first and the last). What it composes (method, losses, rows, protocol, sampling) stays.
 */
export function small(pipeline: Pipeline): Pipeline {
  const { clip, macro } = pipeline;
  const comparison = comparisonMethod(pipeline.method);
  const subjects = { casme2: 0, smic: 0, samm: 0, ckplus: 0, mmi: 0 };
  for (const name of pipeline.micro.databases) subjects[name] = 2;
  for (const name of macro?.databases ?? []) subjects[name] = 2;
  return {
    ...pipeline,
    synthetic: { seed: 1, subjects, clipsPerSubject: 3, size: 64, microIntensity: 0.28, balance: "balanced" },
    clip: { ...clip, frames: Math.min(clip.frames, 5), size: 32 },
    seeds: pipeline.seeds.slice(0, 1),
    ...(comparison
      ? { methodSettings: comparison.settings.parse(comparison.small) }
      : smallNetworks(pipeline)),
  };
}

function smallNetworks({ network, stages }: Pipeline): Pick<Pipeline, "network" | "stages"> {
  const { pretrained: _, ...rest } = network;
  const stage = { steps: 2, batch: 2 };
  return {
    network: {
      ...rest,
      width: 4,
      intervals: {
        ...network.intervals,
        count: Math.min(network.intervals.count, 2),
        ...(network.intervals.sequenceLength ? { sequenceLength: 2 } : {}),
      },
    },
    stages: {
      macro: { ...stages.macro, ...stage },
      micro: { ...stages.micro, ...stage },
      guided: { ...stages.guided, ...stage },
    },
  };
}
