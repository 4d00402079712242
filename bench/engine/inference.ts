/**
 * Times the two-stream network in inference, as testing runs it: without v(s), running statistics, a clip at a time.
 *   deno task deno run -A bench/engine/inference.ts [--engine wasm] [--width 64] [--size 64] [--frames 8] [--batch 1] [--steps 7]
 *     [--direct] [--profile] [--json]
 */
import * as tf from "@tensorflow/tfjs";
import { parseArgs } from "@std/cli";
import { replayed, seededRandom, startEngine } from "../../engine/mod.ts";
import { twoStream } from "../../models/mod.ts";
import { reportTimes, stopwatch, watchKernels } from "./_watch.ts";

const options = parseArgs(Deno.args, { string: ["engine"], boolean: ["direct", "profile", "json"] });
const number = (name: string, otherwise: number) => Number(options[name] ?? otherwise);
const [width, size, frames, batch, steps] = [
  number("width", 64),
  number("size", 64),
  number("frames", 8),
  number("batch", 1),
  number("steps", 7),
];
await startEngine(options.engine ? String(options.engine) : undefined);

const random = seededRandom(1);
const draw = (...shape: number[]) =>
  tf.tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()), shape);
const network = twoStream({ width, classes: 3, videoFeature: "intervals", intervalMaps: false });
const params = network.init(1);
const input = {
  apex: draw(batch, size, size, 3) as tf.Tensor4D,
  frames: draw(batch, frames, size, size, 3) as tf.Tensor5D,
};

type Inputs = { params: typeof params; input: typeof input };
const infer = ({ params, input }: Inputs) => network.apply(params, input, "infer").logits;
const { run } = options.direct ? { run: (inputs: Inputs) => tf.tidy(() => infer(inputs)) } : replayed(infer);

const watch = stopwatch();
for (let i = -1; i <= steps; i++) { // the first two warm up
  if (i === 1 && options.profile) watchKernels(steps);
  watch.start();
  const logits = run({ params, input });
  logits.dataSync();
  logits.dispose();
  watch.stop(i > 0);
}
reportTimes(watch, options.json === true);
