import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { seededRandom } from "../../engine/mod.ts";
import { batchNorm, foldedNorm } from "../../models/_batch_norm.ts";
import type { Params } from "../../types.ts";
import { convBatchNorm } from "../../models/_conv.ts";
import { assertClose as assertValues, useEngine, valuesOf } from "../_engine.ts";
import { assertClose, trainingMode } from "./_golden.ts";

await useEngine();

const random = seededRandom(4);
const shape: [number, number, number, number] = [3, 4, 5, 2];
const xs = Float32Array.from({ length: 120 }, () => 3 * random.normal() + 5);

function normParams(prefix = "bn"): Params {
  return {
    [`${prefix}.weight`]: tf.tensor1d([0.5, 2]),
    [`${prefix}.bias`]: tf.tensor1d([1, -1]),
    [`${prefix}.running_mean`]: tf.tensor1d([0.3, 4]),
    [`${prefix}.running_var`]: tf.tensor1d([2, 0.7]),
  };
}

/** Mean and biased variance of a channel in doubles. */
function statistics(channel: number): { mean: number; variance: number } {
  const own = [...xs].filter((_, i) => i % 2 === channel);
  const mean = own.reduce((a, b) => a + b) / own.length;
  return { mean, variance: own.reduce((sum, x) => sum + (x - mean) ** 2, 0) / own.length };
}

Deno.test("batchNorm normalises with the batch and updates the running statistics as PyTorch does", () => {
  tf.tidy(() => {
    const [params, mode] = [normParams(), trainingMode()];
    const y = batchNorm(params, ["bn"], tf.tensor4d(xs, shape), mode).dataSync();
    const [gamma, beta, oldMean, oldVariance] = [[0.5, 2], [1, -1], [0.3, 4], [2, 0.7]] as number[][];
    for (const c of [0, 1]) {
      const { mean, variance } = statistics(c);
      y.forEach((value, i) => {
        if (i % 2 !== c) return;
        const wanted = ((xs[i] as number) - mean) / Math.sqrt(variance + 1e-5) * (gamma?.[c] as number) +
          (beta?.[c] as number);
        assertAlmostEquals(value, wanted, 2e-6);
      });
      const newMean = mode.updates["bn.running_mean"]?.dataSync()[c] as number;
      assertAlmostEquals(newMean, 0.9 * (oldMean?.[c] as number) + 0.1 * mean, 1e-6);
      const newVariance = mode.updates["bn.running_var"]?.dataSync()[c] as number;
      assertAlmostEquals(newVariance, 0.9 * (oldVariance?.[c] as number) + 0.1 * variance * 60 / 59, 2e-6);
    }
    tf.dispose(mode.updates);
  });
});

Deno.test("batchNorm's gradients agree with finite differences", () => {
  tf.tidy(() => {
    const weights = tf.tensor4d(Float32Array.from({ length: 120 }, () => random.normal()), shape);
    const params = normParams();
    const f = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => {
      const mode = trainingMode();
      const y = batchNorm({ ...params, "bn.weight": gamma, "bn.bias": beta }, ["bn"], x as tf.Tensor4D, mode);
      tf.dispose(mode.updates);
      return y.mul(weights).sum() as tf.Scalar;
    };
    const inputs = [tf.tensor4d(xs, shape), params["bn.weight"] as tf.Tensor, params["bn.bias"] as tf.Tensor];
    const gradients = tf.grads(f)(inputs);
    inputs.forEach((input, k) => {
      const values = input.dataSync<"float32">();
      const analytic = (gradients[k] as tf.Tensor).dataSync();
      for (const i of [0, 1, values.length - 2, values.length - 1]) {
        const at = (delta: number) => {
          const moved = Float32Array.from(values);
          moved[i] = (moved[i] as number) + delta;
          const all = inputs.map((other, j) => j === k ? tf.tensor(moved, input.shape) : other);
          return f(...all as [tf.Tensor, tf.Tensor, tf.Tensor]).dataSync()[0] as number;
        };
        assertAlmostEquals(analytic[i] as number, (at(0.05) - at(-0.05)) / 0.1, 2e-3);
      }
    });
  });
});

Deno.test("batchNorm used twice in a step goes on from the first update, and leaks nothing", () => {
  const params = normParams();
  const [a, b] = [tf.tensor4d(xs, shape), tf.tensor4d(xs.map((x) => x * 2), shape)];
  const mode = trainingMode();
  const before = tf.memory().numTensors;
  tf.tidy(() => [a, b].forEach((x) => batchNorm(params, ["bn"], x, mode)));
  assertEquals(tf.memory().numTensors, before + 2);
  const { mean } = statistics(0);
  assertAlmostEquals(
    mode.updates["bn.running_mean"]?.dataSync()[0] as number,
    0.9 * (0.9 * 0.3 + 0.1 * mean) + 0.1 * 2 * mean,
    1e-5,
  );
  assert(params["bn.running_mean"]?.isDisposed === false);
  tf.dispose([params, a, b, mode.updates]);
});

Deno.test("batchNorm of a single row gives beta and a finite running variance", () => {
  tf.tidy(() => {
    const [params, mode] = [normParams(), trainingMode()];
    const y = batchNorm(params, ["bn"], tf.tensor4d([7, 8], [1, 1, 1, 2]), mode);
    assertEquals([...y.dataSync()], [1, -1]);
    assertClose(mode.updates["bn.running_var"] as tf.Tensor, tf.tensor([1.8, 0.63]), 1e-6, "variance");
    tf.dispose(mode.updates);
  });
});

Deno.test("several batch norms side by side equal each alone", () => {
  tf.tidy(() => {
    const params = { ...normParams("p"), ...normParams("q") };
    const [x, together, alone] = [tf.tensor4d(xs, shape), trainingMode(), trainingMode()];
    const both = batchNorm(params, ["p", "q"], tf.concat([x, x.square()], 3), together);
    const [p, q] = [batchNorm(params, ["p"], x, alone), batchNorm(params, ["q"], x.square(), alone)];
    assertClose(both, tf.concat([p, q], 3), 1e-5, "outputs");
    for (const [name, value] of Object.entries(alone.updates)) {
      assertClose(together.updates[name] as tf.Tensor, value, 1e-6, name);
    }
    const { scale, shift } = foldedNorm(params, ["q"]);
    const [s, t] = [scale.dataSync(), shift.dataSync()];
    assertAlmostEquals(s[1] as number, 2 / Math.sqrt(0.7 + 1e-5), 1e-5);
    assertAlmostEquals(t[1] as number, -1 - 4 * 2 / Math.sqrt(0.7 + 1e-5), 1e-5);
    tf.dispose([together.updates, alone.updates]);
  });
});

Deno.test("batch norm by running statistics has the gradients of its formula", async () => {
  await useEngine();
  const x = [1, -2, 0.5, 3, 2, -1],
    gamma = [1.5, -0.5],
    beta = [0.1, 0.2],
    mean = [0.3, -0.4],
    variance = [2, 0.5];
  const root = variance.map((v) => Math.sqrt(v + 1e-5));
  // L = sum of dy y with dy = 1, 2, ..., 6; y = gamma (x - mean) / root + beta for each channel
  const dy = [1, 2, 3, 4, 5, 6];
  const sums = (values: number[]) =>
    [0, 1].map((c) => values.reduce((s, v, i) => i % 2 === c ? s + v : s, 0));
  const expected = [
    dy.map((d, i) => d * (gamma[i % 2] as number) / (root[i % 2] as number)),
    sums(dy.map((d, i) => d * ((x[i] as number) - (mean[i % 2] as number)) / (root[i % 2] as number))),
    sums(dy),
  ];
  const actual = valuesOf(() => {
    const constants = {
      "bn.running_mean": tf.tensor1d(mean),
      "bn.running_var": tf.tensor1d(variance),
      "conv.weight": tf.tensor4d([1, 0, 0, 1], [1, 1, 2, 2]),
    };
    const f = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) =>
      convBatchNorm(
        { ...constants, "bn.weight": gamma, "bn.bias": beta },
        { conv: "conv", norm: "bn" },
        x as tf.Tensor4D,
        { stride: 1, padding: 0 },
        "infer",
        "linear",
      );
    const inputs = [tf.tensor4d(x, [1, 3, 1, 2]), tf.tensor1d(gamma), tf.tensor1d(beta)];
    return tf.grads(f)(inputs, tf.tensor4d(dy, [1, 3, 1, 2]));
  });
  expected.forEach((values, i) => assertValues(actual[i] ?? [], values, 1e-5, ["x", "weight", "bias"][i]));
});
