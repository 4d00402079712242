// What the report's extras cost a fold: a held-out clip's prediction alone, against prediction, z before and after the guidance and Grad-CAM.
// Width 64, 112 x 112, 8 frames, as the paper's size; one clip at a time, as folds do.
//   deno task deno run -A bench/look.ts [--engine native|wasm] [--clips 12]
import { parseArgs } from "@std/cli";
import * as tf from "@tensorflow/tfjs";
import { startEngine } from "../engine/mod.ts";
import { definePipeline } from "../pipeline/mod.ts";
import { featuresOf, look } from "../pipeline/methods/_look.ts";
import { expressionNetwork } from "../pipeline/stages/expression_network.ts";
import { median } from "./_median.ts";

const { engine, clips = 12 } = parseArgs(Deno.args, { string: ["engine", "clips"] });
const { name } = await startEngine(engine as "native" | undefined, { threads: 1, say: () => {} });
const pipeline = definePipeline({
  name: "look",
  micro: { databases: ["smic"] },
  macro: { databases: ["ckplus"] },
  losses: { spatial: {}, relation: {}, temporal: {}, contrastive: {} },
});
const { frames: T, size, channels } = pipeline.clip;
const network = expressionNetwork(pipeline, 3, "intervals", "plain");
const [before, after] = [network.init(1), network.init(2)];
const input = {
  apex: tf.randomNormal<tf.Rank.R4>([1, size, size, channels], 0, 1, "float32", 1),
  frames: tf.randomNormal<tf.Rank.R5>([1, T, size, size, channels], 0, 1, "float32", 2),
};
const plain: number[] = [], all: number[] = [];
for (let i = -2; i < Number(clips); i++) {
  const start = performance.now();
  tf.tidy(() => network.apply(after, input, "infer").logits.dataSync());
  const middle = performance.now();
  const { logits } = look(pipeline, network, "intervals", after, input);
  logits.dataSync();
  logits.dispose();
  featuresOf(network, before, input);
  if (i < 0) continue; // warm-up
  plain.push(middle - start);
  all.push(performance.now() - middle);
}
const [p, a] = [median(plain), median(all)];
console.log(
  `${name}, 1 thread: prediction ${p.toFixed(0)} ms a clip, with the extras ${a.toFixed(0)} ms, ${
    (a - p).toFixed(0)
  } ms more`,
);
