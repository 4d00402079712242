import { assertEquals, assertMatch } from "@std/assert";
import { configArgs } from "../_engine.ts";

/** Trains a small convolutional network with batch norm for a few steps; prints a hash of its weights. */
const program = `
  import * as tf from "@tensorflow/tfjs";
  import { createHash } from "node:crypto";
  import { adam, gradients, seededRandom, startEngine } from ${
  JSON.stringify(new URL("../../engine/mod.ts", import.meta.url).href)
};
  await startEngine(Deno.args[0], { say: () => {} });
  const random = seededRandom(7);
  const draw = (...shape) =>
    tf.tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal() / 3), shape);
  const params = { a: draw(3, 3, 3, 8), b: draw(3, 3, 8, 12), c: draw(12, 3) };
  const x = draw(4, 8, 8, 3), labels = tf.oneHot(tf.tensor1d([0, 1, 2, 0], "int32"), 3);
  const optimiser = adam({ learningRate: 0.01 });
  for (let i = 0; i < 5; i++) {
    const { value, grads } = gradients(() => {
      const pooled = tf.maxPool(tf.relu(tf.conv2d(x, params.a, 1, 1)), 3, 2, 1);
      const map = tf.conv2d(pooled, params.b, 2, "same");
      return { loss: tf.losses.softmaxCrossEntropy(labels, map.mean([1, 2]).matMul(params.c)) };
    }, params, Object.keys(params));
    optimiser.step(params, grads);
    tf.dispose([value, grads]);
  }
  const hash = createHash("sha256");
  for (const tensor of Object.values(params)) hash.update(new Uint8Array(tensor.dataSync().buffer));
  console.log(hash.digest("hex"));
`;

async function train(engine: string): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: ".js" });
  try {
    await Deno.writeTextFile(file, program);
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", ...configArgs(), file, engine],
    }).output();
    return new TextDecoder().decode(stdout).trim();
  } finally {
    await Deno.remove(file);
  }
}

for (const engine of ["wasm", "cpu"]) {
  Deno.test(`the same seed gives the same bytes in two processes on ${engine}`, async () => {
    const [one, two] = await Promise.all([train(engine), train(engine)]);
    assertMatch(one, /^[0-9a-f]{64}$/);
    assertEquals(one, two);
  });
}
