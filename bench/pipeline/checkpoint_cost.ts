// What checkpoints cost where a network is large: stage (b) with the paper's size of network (width 64, two ResNet18), a batch of 4 clips of 8 frames and an
// epoch of two steps, so that a checkpoint could be written after every second one: how many are, and which part of the time they take.
//   deno task deno run -A bench/pipeline/checkpoint_cost.ts [--engine native] [--steps 120] [--size 64]
import { parseArgs } from "@std/cli";
import * as tf from "@tensorflow/tfjs";
import { adam, seededRandom, startEngine } from "../../engine/mod.ts";
import { twoStream } from "../../models/mod.ts";
import { TrainingRecord } from "../../pipeline/training_record.ts";
import { TrainingState } from "../../pipeline/training_state.ts";
import { trainableNames } from "../../pipeline/stages/guided_networks.ts";
import { trainExpression } from "../../pipeline/stages/train_expression.ts";

const given = parseArgs(Deno.args, { string: ["engine", "steps", "size"] });
const steps = Number(given.steps ?? 120), size = Number(given.size ?? 64);
await startEngine((given.engine as string | undefined) ?? "native", { threads: 2 });
const model = twoStream({ classes: 3, width: 64, videoFeature: "intervals", channels: 3 });
const clips = {
  apex: tf.randomUniform<tf.Rank.R4>([4, size, size, 3]),
  frames: tf.randomUniform<tf.Rank.R5>([4, 8, size, size, 3]),
};

const folder = await Deno.makeTempDir({ prefix: "m2m-checkpoints-" }), file = `${folder}/now.safetensors`;
const params = model.init(1), optimiser = adam({ learningRate: 1e-4 });
const state = new TrainingState(folder, { record: new TrainingRecord() });
const loop = await state.loop("micro", { params, optimiser, streams: {}, steps: steps + 1, epoch: 2 });
const written: number[] = [];
let began = 0, bytes = 0, known = 0;
await trainExpression(
  {
    logits: (params, input: typeof clips, mode) => model.apply(params, input, mode).logits,
    batch: () => ({ apex: clips.apex.clone(), frames: clips.frames.clone() }),
    classes: [0, 1, 2, 0],
    trainable: trainableNames(model),
  },
  params,
  { steps, learningRate: 1e-4, decay: "constant" },
  optimiser,
  () => [0, 1, 2, 3],
  seededRandom(1).next,
  async ({ step }) => {
    if (step === 1) began = performance.now(); // the first step is recorded, the others replay it
    const before = performance.now();
    await loop.after(step);
    const seconds = (performance.now() - before) / 1000;
    const now = await Deno.stat(file).catch(() => null);
    if (!now?.mtime || now.mtime.getTime() === known) return;
    [known, bytes] = [now.mtime.getTime(), now.size];
    written.push(seconds);
  },
);
const seconds = (performance.now() - began) / 1000, sum = written.reduce((a, b) => a + b, 0);
await Deno.remove(folder, { recursive: true });
console.log(
  `${steps} steps in ${seconds.toFixed(1)} s; ${written.length} checkpoints of ${
    (bytes / 2 ** 20).toFixed(0)
  } MB in ` +
    `${written.map((s) => s.toFixed(2)).join(", ")} s: ${(100 * sum / seconds).toFixed(1)} % of the time`,
);
