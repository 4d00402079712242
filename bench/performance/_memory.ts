import { parse, stringify } from "@std/yaml";
import { root } from "../../tools/_deno.ts";
import { median } from "../_median.ts";
import { runPipelineFile } from "./_run_pipeline.ts";
import type { Row, Settings } from "./_settings.ts";
import { treeMemory } from "./_tree_memory.ts";

type Yaml = {
  synthetic: Record<string, unknown>;
  stages: Record<string, { steps: number }>;
  description: string;
};

/** Peak memory of a run over four times as many clips (micro and macro alike, two folds each) against that of a run over them once. */
export async function compareMemory(settings: Settings): Promise<Row[]> {
  const folder = await Deno.makeTempDir();
  const few: number[] = [], many: number[] = [];
  try {
    for (let turn = 0; turn < settings.turns; turn++) {
      for (const [times, list] of [[4, many], [1, few]] as const) {
        const file = `${folder}/${times}.yaml`;
        await Deno.writeTextFile(file, await pipeline(times));
        await runPipelineFile(file, {
          data: `${folder}/data${times}`,
          out: `${folder}/run${times}-${turn}`,
          jobs: 1,
          watch: async (child) => {
            list.push(await treeMemory(child));
          },
        });
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return [{
    what: "peak memory of a run over 4 times as many clips",
    unit: "MB",
    ours: median(many),
    theirs: median(few),
    other: "over them once",
    result: median(many) / median(few),
    limit: 4 / 3,
    kind: "ratio",
    turns: { ours: many, theirs: few },
  }];
}

/** loso.yaml with two subjects of so many times 12 clips, as many macro clips, and 30 steps a stage, so that most clips are met. */
async function pipeline(times: number): Promise<string> {
  const yaml = parse(await Deno.readTextFile(`${root}bench/performance/loso.yaml`)) as Yaml;
  yaml.synthetic = {
    ...yaml.synthetic,
    subjects: { casme2: 2, smic: 0, samm: 0, ckplus: 6 * times, mmi: 0 },
    clipsPerSubject: 12 * times,
  };
  for (const stage of Object.values(yaml.stages)) stage.steps = 30;
  return stringify(yaml);
}
