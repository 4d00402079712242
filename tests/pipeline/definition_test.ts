// The typed definition and its YAML form are one thing.
import { assert, assertEquals } from "@std/assert";
import { stringify } from "@std/yaml";
import { definePipeline, pipelineJsonSchema, readPipeline } from "../../pipeline/mod.ts";
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
    flow: { folder: "images" },
    methodSettings: { classWeights: "balanced" },
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
  assertEquals(
    definePipeline({
      name: "ststnet_cde",
      description: "STSTNet on optical flow from onset to apex, CDE.",
      method: "ststnet",
      micro: { databases: ["casme2", "smic", "samm"] },
      flow: { folder: "flow" },
      methodSettings: { steps: 170, batch: 64, learningRate: 0.0003 },
      protocol: "cde",
      seeds: [1, 2, 3],
      keepCheckpoints: "macro",
    }),
    pipeline,
  );
});

interface Schema {
  readonly properties?: Record<string, Schema>;
  readonly default?: unknown;
}

function* keys(schema: Schema): Generator<[string, unknown]> {
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    yield [key, inner.default];
    yield* keys(inner);
  }
}

Deno.test("docs/pipeline.md names every key of a pipeline and its default", async () => {
  const text = await Deno.readTextFile(new URL("../../docs/pipeline.md", import.meta.url));
  const table = text.slice(text.indexOf("## Keys"), text.indexOf("## The command"));
  const found = [...keys(pipelineJsonSchema() as Schema)].filter(([key]) =>
    !["$schema", "casme2"].includes(key)
  );
  assert(found.length > 50);
  for (const [key, value] of found) {
    const lines = table.split("\n").filter((line) => new RegExp(`\\b${key}\\b`).test(line));
    assert(lines.length > 0, `${key} is not in the table`);
    if (typeof value !== "number" || key in subjects || inAugment.has(key) || inSynthetic.has(key)) continue;
    assert(lines.some((line) => line.includes(`${value}`)), `${key}'s default ${value} is not beside it`);
  }
});

/** Named there without their defaults. */
const subjects = { casme2: 4, smic: 4, samm: 4, ckplus: 12, mmi: 0 };
const inAugment = new Set(["flip", "rotation", "translation", "scale", "crop", "brightness", "contrast"]);
const inSynthetic = new Set(["seed", "clipsPerSubject", "size", "microIntensity"]);
