// The typed definition and its YAML form are one thing.
import { assertEquals } from "@std/assert";
import { stringify } from "@std/yaml";
import { definePipeline, readPipeline } from "../../pipeline/mod.ts";
import { testFolder } from "./_tiny.ts";

async function fromYaml(text: string) {
  const file = `${testFolder()}/pipeline.yaml`;
  await Deno.writeTextFile(file, text);
  return await readPipeline(file);
}

const definitions: Parameters<typeof definePipeline>[0][] = [
  { name: "least", micro: { databases: ["smic"] } },
  {
    name: "guided",
    description: "Every term.",
    micro: { databases: ["casme2", "smic"], classes: "composite" },
    macro: { databases: ["ckplus", "mmi"] },
    synthetic: { seed: 4, subjects: { casme2: 2, mmi: 3 } },
    clip: { frames: 9, augment: {} },
    network: { intervals: { count: 3, kind: "sequence", sequenceLength: 3, randomOffset: true } },
    losses: { spatial: {}, relation: { weight: 0.5 }, temporal: {}, contrastive: { form: "supcon" } },
    stages: { guided: { steps: 7, macroNetwork: "trained" } },
    rows: ["lc", "all"],
    protocol: "cde",
    seeds: [1, 2],
  },
  {
    name: "flow",
    method: "ststnet",
    micro: { databases: ["samm"] },
    flow: { channels: ["u", "v", "strain"] },
    losses: { classWeights: "balanced" },
  },
];
for (const definition of definitions) {
  Deno.test(`definePipeline and a YAML file give the same pipeline: ${definition.name}`, async () => {
    const pipeline = definePipeline(definition);
    assertEquals(await fromYaml(stringify(definition)), pipeline);
    // What run.json keeps, defaults and all, is a pipeline that gives itself.
    assertEquals(await fromYaml(stringify(JSON.parse(JSON.stringify(pipeline)))), pipeline);
  });
}

Deno.test("an experiment in YAML is the same as in TypeScript", async () => {
  const file = new URL("../../experiments/ststnet_cde.yaml", import.meta.url);
  const { $schema: _, ...pipeline } = await readPipeline(decodeURIComponent(file.pathname));
  const { seeds, stages } = pipeline;
  assertEquals(
    definePipeline({
      name: "ststnet_cde",
      description: "STSTNet on optical flow from onset to apex, CDE.",
      method: "ststnet",
      micro: { databases: ["casme2", "smic", "samm"] },
      flow: { folder: "flow", channels: ["strain", "v", "u"] },
      stages: { micro: { ...stages.micro } },
      protocol: "cde",
      seeds,
      sampling: pipeline.sampling,
      keepCheckpoints: "macro",
    }),
    pipeline,
  );
});
