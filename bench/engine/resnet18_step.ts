/**
 * Times a training step of ResNet18 with Adam (forward, backward, update) on an engine and, on request, its kernels.
 *   deno task deno run -A bench/engine/resnet18_step.ts [--engine wasm] [--batch 8] [--size 64] [--width 64]
 *     [--steps 7] [--direct] [--profile] [--json]
 */
import * as tf from "@tensorflow/tfjs";
import { parseArgs } from "@std/cli";
import { adam, seededRandom, startEngine, trainingStep } from "../../engine/mod.ts";
import { resnet18Classifier } from "../../models/mod.ts";
import { reportTimes, stopwatch, watchKernels } from "./_watch.ts";

const options = parseArgs(Deno.args, { string: ["engine"], boolean: ["direct", "profile", "json"] });
const batch = Number(options.batch ?? 8),
  size = Number(options.size ?? 64),
  width = Number(options.width ?? 64);
const steps = Number(options.steps ?? 7);
await startEngine(options.engine ? String(options.engine) : undefined);

const random = seededRandom(1);
const pixels = Float32Array.from({ length: batch * size * size * 3 }, () => random.normal());
const x = tf.tensor4d(pixels, [batch, size, size, 3]);
const labels = tf.tensor1d(Array.from({ length: batch }, (_, i) => i % 3), "int32");
const model = resnet18Classifier({ width, classes: 3 });
const params = model.init(1);
const names = model.parameters.filter((p) => p.trainable).map((p) => p.name);
const optimiser = adam({ learningRate: 1e-4 });

const step = trainingStep(
  ({ x, labels }: { x: tf.Tensor4D; labels: tf.Tensor1D }, updates) => ({
    loss: tf.losses.softmaxCrossEntropy(
      tf.oneHot(labels, 3),
      model.apply(params, x, { updates, random: () => random.next() }) as tf.Tensor,
    ).asScalar(),
  }),
  params,
  names,
  optimiser,
  { record: !options.direct },
);
const watch = stopwatch();
for (let i = -1; i <= steps; i++) { // the first two warm up
  if (i === 1 && options.profile) watchKernels(steps);
  watch.start();
  const value = step.run({ x, labels });
  const loss = value.loss.dataSync()[0];
  tf.dispose(value);
  watch.stop(i > 0);
  if (i === -1 || i === steps) console.error(`step ${i}: loss ${loss}`);
}
reportTimes(watch, options.json === true);
