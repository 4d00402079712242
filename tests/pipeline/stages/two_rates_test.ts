// Heads that learn faster than the networks below them.
import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { adam } from "../../../engine/mod.ts";
import { twoRates } from "../../../pipeline/stages/two_rates.ts";
import { useEngine } from "../../_engine.ts";

await useEngine();

Deno.test("the heads step by the factor times the learning rate, the networks by the rate itself", () => {
  const names = ["minet.w", "manet.w", "relation.w", "spatialDomain.w"];
  const params = Object.fromEntries(names.map((name) => [name, tf.tensor1d([1])]));
  const grads = Object.fromEntries(names.map((name, i) => [name, tf.tensor1d([i + 1])]));
  const before = tf.memory().numTensors;
  const optimiser = twoRates(adam({ learningRate: 1 }), adam({ learningRate: 1 }), 10);
  optimiser.learningRate = 0.01;
  optimiser.step(params, grads); // Adam's first step is the learning rate, whatever the gradient
  const moved = () => names.map((name) => 1 - (params[name]!.dataSync()[0] as number));
  [0.01, 0.01, 0.1, 0.1].forEach((expected, i) => assertAlmostEquals(moved()[i]!, expected, 1e-5));

  const state = optimiser.state(), at = moved();
  optimiser.step(params, grads);
  const second = moved();
  names.forEach((name, i) => {
    params[name]!.dispose();
    params[name] = tf.tensor1d([1 - at[i]!]);
  });
  const again = twoRates(adam({ learningRate: 1 }), adam({ learningRate: 1 }), 10);
  again.learningRate = 0.01;
  again.restore(state);
  again.step(params, grads);
  moved().forEach((value, i) => assertAlmostEquals(value, second[i]!, 1e-6));
  tf.dispose(state);
  optimiser.dispose();
  again.dispose();
  assertEquals(tf.memory().numTensors, before);
  tf.dispose([params, grads]);
});
