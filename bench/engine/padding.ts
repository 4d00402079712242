/**
 * The gradients of a convolution on the native engine with the same padding given as explicit borders and as SAME: TensorFlow takes
 * Eigen's for the first, oneDNN's for the second. Least milliseconds of twelve.
 *   TF_NUM_INTRAOP_THREADS=1 deno task deno run -A bench/engine/padding.ts [--batch 32]
 */
import * as tf from "@tensorflow/tfjs";
import { parseArgs } from "@std/cli";
import { startEngine } from "../../engine/mod.ts";
import type { NativeBackend } from "../../engine/native/_load_backend.ts";
import { convolutionAttributes } from "../../engine/native/_windows.ts";

const batch = Number(parseArgs(Deno.args).batch ?? 32);
await startEngine("native", { threads: Number(Deno.env.get("TF_NUM_INTRAOP_THREADS") ?? 1) });
const backend = tf.backend() as NativeBackend;

function least(f: () => tf.Tensor): string {
  f().dispose();
  let ms = Infinity;
  for (let i = 0; i < 12; i++) {
    const begun = performance.now();
    f().dispose();
    ms = Math.min(ms, performance.now() - begun);
  }
  return `${ms.toFixed(1)} ms`;
}

for (const [side, c] of [[16, 64], [8, 128], [4, 256], [2, 512]] as const) {
  const maps = [batch, side, side, c], kernel = [3, 3, c, c];
  const [x, filter] = [tf.randomNormal(maps), tf.randomNormal(kernel)];
  const [mapShape, filterShape] = [tf.tensor1d(maps, "int32"), tf.tensor1d(kernel, "int32")];
  const line = [`3x3x${c}x${c} on ${side}x${side}:`];
  for (const type of ["EXPLICIT", "SAME"]) {
    const one = { strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1 };
    const windows = { ...one, padInfo: { type, top: 1, bottom: 1, left: 1, right: 1 } };
    const attributes = convolutionAttributes(backend, windows);
    const gradient = (by: string, inputs: tf.Tensor[]) =>
      least(() => backend.executeSingleOutput(`Conv2DBackprop${by}`, attributes, inputs));
    line.push(
      `${type} by the maps ${gradient("Input", [mapShape, filter, x])}, by the filter ${
        gradient("Filter", [x, filterShape, x])
      };`,
    );
  }
  console.log(line.join(" "));
  tf.dispose([x, filter, mapShape, filterShape]);
}
