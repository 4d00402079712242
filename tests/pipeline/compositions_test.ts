// Settings that no pipeline file of the project uses run too.
import { assert, assertEquals } from "@std/assert";
import { readSafetensors } from "../../models/mod.ts";
import type { PipelineInput } from "../../pipeline/mod.ts";
import { runTiny, testFolder, tinyPipeline } from "./_tiny.ts";

const stages = (guided: Record<string, unknown>, micro: Record<string, unknown> = {}) => ({
  macro: { steps: 2, batch: 2 },
  micro: { steps: 2, batch: 2, ...micro },
  guided: { steps: 2, batch: 2, ...guided },
});

const compositions: [string, Partial<PipelineInput>, string[], string[]][] = [
  [
    "temporal stream, sequences at random offsets, MaNet trained along, shuffled labels",
    {
      clip: { frames: 5, size: 16, channels: 3, normalise: "imagenet" },
      network: {
        streams: "temporal",
        width: 2,
        stem: "small",
        intervals: { count: 2, kind: "sequence", sequenceLength: 2, randomOffset: true },
      },
      losses: {
        classWeights: "balanced",
        relation: {},
        temporal: {},
        contrastive: { form: "supcon", reduction: "sum" },
        reversal: { schedule: "constant" },
      },
      stages: stages({ macroNetwork: "trained" }),
      sampling: "balanced",
      shuffleLabels: true,
    },
    ["relation", "relationAccuracy", "temporal", "temporalAccuracy", "contrastive"],
    ["temporal"],
  ],
  [
    "spatial stream from MaNet's weights, copies of macro clips, frames less the onset",
    {
      clip: { frames: 3, size: 16, channels: 1, reference: "onset", augment: { crop: 0.8 } },
      network: { streams: "spatial", width: 2, stem: "imagenet", intervals: { count: 1 } },
      losses: { spatial: {}, contrastive: {} },
      stages: stages({ macroCopies: 2, decay: "cosine" }, { start: "macro" }),
      optimiser: { weightDecay: 0.01 },
      keepCheckpoints: "all",
    },
    ["spatial", "spatialAccuracy", "contrastive"],
    ["spatial"],
  ],
];
for (const [name, changes, columns, streams] of compositions) {
  Deno.test(`a run: ${name}`, async () => {
    const out = streams.join();
    const { rows } = await runTiny(tinyPipeline(changes), out);
    assertEquals(rows.length, 1);
    const fold = `${testFolder()}/${out}/folds/seed1/smic_s14`;
    const row = rows[0]!.row;
    const head = (await Deno.readTextFile(`${fold}/history-${row}.csv`)).split("\n")[0];
    assertEquals(head, ["stage,step,expression,accuracy,loss", ...columns].join());
    const { tensors } = readSafetensors(await Deno.readFile(`${fold}/minet-${row}.safetensors`));
    const found = new Set([...tensors.keys()].map((key) => key.split(".")[0]));
    assert(streams.every((stream) => found.has(stream)) && found.size === 2, [...found].join()); // and the classifier
  });
}

Deno.test("stage (b) that starts from MaNet does so in every fold", async () => {
  const pipeline = tinyPipeline({ losses: {}, stages: stages({ steps: 0 }, { steps: 0, start: "macro" }) });
  await runTiny(pipeline, "start");
  const read = async (
    file: string,
  ) => [...readSafetensors(await Deno.readFile(`${testFolder()}/start/${file}`)).tensors];
  assertEquals(
    await read("folds/seed1/smic_s20/minet-lc.safetensors"),
    await read("macro/seed1/manet.safetensors"),
  );
});
