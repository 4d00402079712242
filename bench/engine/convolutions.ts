/**
 * Speed of a convolution and its two gradients for the layers of ResNet18, in GFLOP/s of processor time.
 *   deno task deno run -A bench/engine/convolutions.ts [--engine wasm] [--batch 8] [--size 64] [--width 64]
 */
import * as tf from "@tensorflow/tfjs";
import { parseArgs } from "@std/cli";
import { cpuUsage } from "node:process";
import { seededRandom, startEngine } from "../../engine/mod.ts";

const options = parseArgs(Deno.args, { string: ["engine"] });
const batch = Number(options.batch ?? 8),
  size = Number(options.size ?? 64),
  width = Number(options.width ?? 64);
await startEngine(options.engine ? String(options.engine) : undefined);

/** Size of the map and channels before and after, kernel, stride. */
const layers: [number, number, number, number, number][] = [
  [size, 3, width, 7, 2],
  [size / 4, width, width, 3, 1],
  [size / 4, width, 2 * width, 3, 2],
  [size / 4, width, 2 * width, 1, 2],
  [size / 8, 2 * width, 2 * width, 3, 1],
  [size / 16, 4 * width, 4 * width, 3, 1],
  [size / 32, 8 * width, 8 * width, 3, 1],
];
const random = seededRandom(1);
const draw = (shape: [number, number, number, number]) =>
  tf.tensor4d(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()), shape);
const milliseconds = () => (cpuUsage().user + cpuUsage().system) / 1000;

for (const [side, c, d, k, stride] of layers) {
  const p = (k - 1) / 2;
  const pad = (p === 0 ? "valid" : [[0, 0], [p, p], [p, p], [0, 0]]) as "valid";
  const x = draw([batch, side, side, c]), filter = draw([k, k, c, d]);
  const y = tf.conv2d(x, filter, stride, pad);
  const flops = 2 * y.size * k * k * c;
  const passes = {
    forward: () => tf.conv2d(x, filter, stride, pad),
    filter: () =>
      tf.engine().runKernel("Conv2DBackpropFilter", { x, dy: y }, {
        strides: [stride, stride],
        pad,
        dataFormat: "NHWC",
        filterShape: filter.shape,
      }) as tf.Tensor,
    input: () =>
      tf.engine().runKernel("Conv2DBackpropInput", { dy: y, filter }, {
        strides: [stride, stride],
        pad,
        dataFormat: "NHWC",
        inputShape: x.shape,
      }) as tf.Tensor,
  };
  const line = [`${side}x${side} ${c}->${d} ${k}x${k}/${stride}`.padEnd(24)];
  for (const [name, pass] of Object.entries(passes)) {
    pass().dispose();
    const times: number[] = [];
    for (let i = 0; i < 9; i++) {
      const start = milliseconds();
      pass().dispose();
      times.push(milliseconds() - start);
    }
    times.sort((a, b) => a - b);
    const ms = times[2] as number;
    line.push(`${name} ${ms.toFixed(1).padStart(6)} ms ${(flops / ms / 1e6).toFixed(1).padStart(5)}`);
  }
  console.log(line.join("   "));
  tf.dispose([x, filter, y]);
}
