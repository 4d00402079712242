// What the tests of runs share: a folder of the test file, a pipeline of a few steps, and the run of it.
import { definePipeline, type Pipeline, type PipelineInput, runPipeline } from "../../pipeline/mod.ts";
import type { RunOptions, RunResults } from "../../pipeline/mod.ts";

let folder: string | undefined;

/** The folder of a test file: made when first asked for, removed when the file's tests are over. */
export function testFolder(): string {
  if (folder !== undefined) return folder;
  const made = folder = Deno.makeTempDirSync({ prefix: "m2m test " }); // with a space: paths may have one
  globalThis.addEventListener("unload", () => Deno.removeSync(made, { recursive: true }));
  return made;
}

/** The engine that tests run pipelines on: `M2M_ENGINE`, else the best one here. */
export function testEngine(): Pipeline["engine"] {
  return (Deno.env.get("M2M_ENGINE") || "auto") as Pipeline["engine"];
}

/** Two SMIC subjects guided by two CK+ subjects, 48 pixels, width 4: folds of a second. */
export function tinyPipeline(changes: Partial<PipelineInput> = {}): Pipeline {
  return definePipeline(
    {
      name: "tiny",
      micro: { databases: ["smic"] },
      macro: { databases: ["ckplus"] },
      synthetic: {
        seed: 1,
        subjects: { casme2: 0, smic: 2, samm: 0, ckplus: 2, mmi: 0 },
        clipsPerSubject: 3,
        size: 48,
      },
      clip: { frames: 5, size: 16, channels: 1, augment: {} },
      network: { width: 4, stem: "small", intervals: { count: 2 } },
      losses: { spatial: {}, relation: {}, temporal: {}, contrastive: {} },
      stages: {
        macro: { steps: 2, batch: 2 },
        micro: { steps: 3, batch: 2, learningRate: 0.01 },
        guided: { steps: 3, batch: 2, learningRate: 0.01 },
      },
      engine: testEngine(),
      ...changes,
    } as Parameters<typeof definePipeline>[0],
  );
}

/** Runs a pipeline quietly into `out` of the test's folder, with the data and the cache that lie there. */
export async function runTiny(
  pipeline: Pipeline,
  out: string,
  options: RunOptions = {},
): Promise<RunResults> {
  return await runPipeline(pipeline, {
    data: `${testFolder()}/data`,
    cache: `${testFolder()}/cache`,
    out: `${testFolder()}/${out}`,
    quiet: true,
    jobs: 2,
    ...options,
  });
}
