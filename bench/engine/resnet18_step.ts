/**
 * Times a training step of ResNet18 with Adam (forward, backward, update) on an engine and, on request, its kernels.
 *   deno task deno run -A bench/engine/resnet18_step.ts [--engine wasm] [--batch 8] [--size 64] [--width 64]
 *     [--steps 7] [--profile]
 */
import * as tf from "@tensorflow/tfjs";
import { cpuUsage } from "node:process";
import { parseArgs } from "@std/cli";
import { adam, gradients, seededRandom, startEngine } from "../../engine/mod.ts";
import { resnet18Classifier } from "../../models/mod.ts";
import type { Params } from "../../types.ts";

const options = parseArgs(Deno.args, { string: ["engine"], boolean: ["profile"] });
const batch = Number(options.batch ?? 8),
  size = Number(options.size ?? 64),
  width = Number(options.width ?? 64);
const steps = Number(options.steps ?? 7);
await startEngine(options.engine || undefined);

const random = seededRandom(1);
const pixels = Float32Array.from({ length: batch * size * size * 3 }, () => random.normal());
const x = tf.tensor4d(pixels, [batch, size, size, 3]);
const labels = tf.tensor1d(Array.from({ length: batch }, (_, i) => i % 3), "int32");
const model = resnet18Classifier({ width, classes: 3 });
const params = model.init(1);
const names = model.parameters.filter((p) => p.trainable).map((p) => p.name);
const optimiser = adam({ learningRate: 1e-4 });

const spent = new Map<string, { ms: number; calls: number }>();
/** Milliseconds that the processor worked for this process: other processes disturb it less than wall time. */
function processorTime(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}

const parts = {
  gradients: [] as number[],
  update: [] as number[],
  step: [] as number[],
  "step, processor time": [] as number[],
};
for (let i = 0; i <= steps; i++) {
  if (i === 1 && options.profile) watchKernels();
  const [start, worked] = [performance.now(), processorTime()];
  const updates: Params = {};
  const { value, grads } = gradients(
    () => ({
      loss: tf.losses.softmaxCrossEntropy(
        tf.oneHot(labels, 3),
        model.apply(params, x, { updates, random: () => random.next() }) as tf.Tensor,
      ).asScalar(),
    }),
    params,
    names,
  );
  const loss = value.loss.dataSync()[0];
  const middle = performance.now();
  optimiser.step(params, grads);
  for (const [name, tensor] of Object.entries(updates)) {
    params[name]?.dispose();
    params[name] = tensor;
  }
  tf.dispose([value, grads]);
  const end = performance.now();
  if (i > 0) {
    parts.gradients.push(middle - start);
    parts.update.push(end - middle);
    parts.step.push(end - start);
    parts["step, processor time"].push(processorTime() - worked);
  }
  if (i === 0 || i === steps) console.error(`step ${i}: loss ${loss}`);
}
for (const [name, times] of Object.entries(parts)) {
  times.sort((a, b) => a - b);
  console.log(`${name}: median ${times[steps >> 1]?.toFixed(1)} ms, least ${times[0]?.toFixed(1)} ms`);
}

if (options.profile) {
  for (const [name, { ms, calls }] of [...spent].sort((a, b) => b[1].ms - a[1].ms).slice(0, 25)) {
    console.log(
      `${(ms / steps).toFixed(2).padStart(8)} ms ${(calls / steps).toFixed(0).padStart(5)} calls  ${name}`,
    );
  }
}

/** Puts a clock around every kernel. */
function watchKernels(): void {
  for (const kernel of tf.getKernelsForBackend(tf.getBackend())) {
    tf.unregisterKernel(kernel.kernelName, kernel.backendName);
    tf.registerKernel({
      ...kernel,
      kernelFunc(args) {
        const start = performance.now();
        const result = kernel.kernelFunc(args);
        const entry = spent.get(kernel.kernelName) ?? { ms: 0, calls: 0 };
        spent.set(kernel.kernelName, { ms: entry.ms + performance.now() - start, calls: entry.calls + 1 });
        return result;
      },
    });
  }
}
