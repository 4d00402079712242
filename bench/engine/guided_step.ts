/**
 * Times a guided training step (Eq. 8: MiNet in training, MaNet frozen, heads, all five losses) on an engine and, on request, its
 * kernels. MaNet's maps are computed in the step, or, with `--maps kept`, once before and read from disk in each step, as runs do it.
 *   deno task deno run -A bench/engine/guided_step.ts [--engine wasm] [--width 16] [--size 64] [--frames 8] [--batch 4] [--stem small]
 *     [--steps 7] [--maps kept] [--direct] [--profile] [--json]
 */
import * as tf from "@tensorflow/tfjs";
import { parseArgs } from "@std/cli";
import { adam, seededRandom, startEngine, trainingStep } from "../../engine/mod.ts";
import {
  contrastiveLoss,
  domainLoss,
  expressionLoss,
  gradientReversal,
  overallLoss,
  relationLoss,
} from "../../losses/mod.ts";
import { domainDiscriminator, fuse, relationClassifier, twoStream } from "../../models/mod.ts";
import type { StreamMaps } from "../../models/mod.ts";
import { MacroMaps } from "../../pipeline/macro_maps.ts";
import type { Params } from "../../types.ts";
import { reportTimes, stopwatch, watchKernels } from "./_watch.ts";

const options = parseArgs(Deno.args, {
  string: ["engine", "stem", "maps"],
  boolean: ["profile", "json", "direct"],
});
const number = (name: string, otherwise: number) => Number(options[name] ?? otherwise);
const [width, size, frames, batch] = [
  number("width", 16),
  number("size", 64),
  number("frames", 8),
  number("batch", 4),
];
const steps = number("steps", 7), intervals = 3, classes = 3;
await startEngine(options.engine ? String(options.engine) : undefined);

const random = seededRandom(1);
const draw = (...shape: number[]) =>
  tf.tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()), shape);
const clips = () => ({
  apex: draw(batch, size, size, 3) as tf.Tensor4D,
  frames: draw(batch, frames, size, size, 3) as tf.Tensor5D,
});
const [micro, macro] = [clips(), clips()];
const labels = tf.tensor1d(Array.from({ length: batch }, (_, i) => i % classes), "int32");
const fusing = { intervals, videoFeature: "intervals" } as const;
const network = twoStream({
  width,
  stem: options.stem === "small" ? "small" : "imagenet",
  classes,
  ...fusing,
});
const heads = {
  spatial: domainDiscriminator({ channels: 8 * width }),
  temporal: domainDiscriminator({ channels: 8 * width }),
  relation: relationClassifier({ channels: 8 * width, intervals }),
};
const params: Params = {};
const add = (prefix: string, more: Params) => {
  for (const [name, tensor] of Object.entries(more)) params[prefix + name] = tensor;
};
add("minet.", network.init(1));
const frozen = network.init(2);
for (const [i, [name, head]] of Object.entries(heads).entries()) add(`${name}.`, head.init(3 + i));
const trained = [
  ...network.parameters.filter((p) => p.trainable).map((p) => `minet.${p.name}`),
  ...Object.entries(heads).flatMap(([name, head]) => head.parameters.map((p) => `${name}.${p.name}`)),
];
const below = (prefix: string): Params =>
  Object.fromEntries(
    Object.entries(params).filter(([name]) => name.startsWith(prefix)).map((
      [name, t],
    ) => [name.slice(prefix.length), t]),
  );
const optimiser = adam({ learningRate: 1e-4 });
const domains = (times: number) =>
  tf.tensor1d(Array.from({ length: 2 * batch * times }, (_, i) => i % (2 * batch) < batch ? 1 : 0), "int32");

const folder = options.maps === "kept" ? Deno.makeTempDirSync() : "";
if (folder) {
  await MacroMaps.write(folder, batch, (i) => {
    return tf.tidy(() => {
      const slice = (x: tf.Tensor) => tf.slice(x, [i], [1]);
      const clip = { apex: slice(macro.apex) as tf.Tensor4D, frames: slice(macro.frames) as tf.Tensor5D };
      const { apexMap, frameMaps } = network.apply(frozen, clip, "infer");
      return { apexMap, frameMaps };
    });
  });
}
const kept = folder ? await MacroMaps.open(folder) : undefined;
const everyClip = Array.from({ length: batch }, (_, i) => i);
/** What the frozen MaNet gives: computed here, or fused from what was read. */
function guide({ macro, maps }: Inputs) {
  return maps
    ? { apexMap: maps.apexMap as tf.Tensor4D, ...fuse(maps, fusing) }
    : network.apply(frozen, macro, "infer");
}

interface Inputs {
  readonly micro: ReturnType<typeof clips>;
  readonly macro: ReturnType<typeof clips>;
  readonly maps?: StreamMaps;
  readonly labels: tf.Tensor1D;
}

function loss(inputs: Inputs, updates: Params): { loss: tf.Scalar } {
  const { micro, labels } = inputs;
  const mode = { updates: {} as Params, random: () => random.next() };
  const mi = network.apply(below("minet."), micro, mode);
  for (const [name, tensor] of Object.entries(mode.updates)) updates[`minet.${name}`] = tensor;
  const ma = guide(inputs);
  const apexes = tf.concat([mi.apexMap, ma.apexMap] as tf.Tensor4D[], 0);
  const videos = tf.concat(mi.intervalMaps.flatMap((map, s) => [map, ma.intervalMaps[s] as tf.Tensor4D]), 0);
  const head = (name: keyof typeof heads, maps: tf.Tensor) =>
    heads[name].apply(below(`${name}.`), maps as tf.Tensor4D, mode);
  const index = tf.tensor1d(mi.intervalMaps.flatMap((_, s) => Array<number>(2 * batch).fill(s)), "int32");
  return {
    loss: overallLoss({
      expression: expressionLoss(mi.logits, labels),
      spatial: domainLoss(head("spatial", gradientReversal(apexes, 1)), domains(1)),
      relation: relationLoss(head("relation", videos) as tf.Tensor2D, index),
      temporal: domainLoss(head("temporal", gradientReversal(videos, 1)), domains(intervals)),
      contrastive: contrastiveLoss({ features: mi.z, labels }, { features: ma.z, labels }),
    }, { spatial: 0.1, relation: 0.2, temporal: 0.2, contrastive: 0.1 }),
  };
}

const step = trainingStep(loss, params, trained, optimiser, { record: !options.direct });
const watch = stopwatch();
for (let i = -1; i <= steps; i++) { // the first two warm up
  if (i === 1 && options.profile) watchKernels(steps);
  watch.start();
  const maps = kept?.batch(everyClip);
  const value = step.run({ micro, macro, labels, ...(maps ? { maps } : {}) });
  const current = value.loss.dataSync()[0];
  tf.dispose([value, maps ?? null] as unknown as tf.TensorContainer);
  watch.stop(i > 0);
  if (i === -1 || i === steps) console.error(`step ${i}: loss ${current}, ${tf.memory().numTensors} tensors`);
}
for (const problem of step.recorded.problems) console.error(`not recorded: ${problem}`);
reportTimes(watch, options.json === true);
if (kept) {
  kept.close();
  Deno.removeSync(folder, { recursive: true });
}
