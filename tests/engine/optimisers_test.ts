import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { adam, type Optimiser, seededRandom, sgd } from "../../engine/mod.ts";
import type { Params } from "../../types.ts";
import { assertClose, useEngine } from "../_engine.ts";

const size = 7, steps = 5;

/** The gradient of step t, the same for the optimiser and the loop. */
function gradient(t: number): number[] {
  const random = seededRandom(`gradient ${t}`);
  return Array.from({ length: size }, () => random.normal());
}

const start = Array.from({ length: size }, (_, i) => i / 3 - 1);

/** Runs an optimiser on a parameter in two tensors beside a frozen one; gives the parameter's values. */
async function run(optimiser: Optimiser, rates: (t: number) => number): Promise<number[]> {
  await useEngine();
  const params: Params = {
    a: tf.tensor1d(start.slice(0, 3)),
    b: tf.tensor2d(start.slice(3), [2, 2]),
    frozen: tf.scalar(5),
  };
  const frozen = params.frozen;
  for (let t = 1; t <= steps; t++) {
    const g = gradient(t);
    const grads = { a: tf.tensor1d(g.slice(0, 3)), b: tf.tensor2d(g.slice(3), [2, 2]) };
    optimiser.learningRate = rates(t);
    optimiser.step(params, grads);
    tf.dispose(grads);
  }
  assertEquals(params.frozen === frozen && !params.frozen?.isDisposed, true);
  const values = [...(params.a?.dataSync() ?? []), ...(params.b?.dataSync() ?? [])];
  optimiser.dispose();
  tf.dispose(params);
  return values;
}

for (const [beta1, beta2, epsilon, weightDecay] of [[0.9, 0.999, 1e-8, 0], [0.5, 0.9, 0.1, 0.3]] as const) {
  Deno.test(`adam follows torch.optim.Adam's equations, eps ${epsilon}, decay ${weightDecay}`, async () => {
    const rate = (t: number) => 0.1 / t;
    const expected = start.map((p, i) => {
      let [m, v] = [0, 0];
      for (let t = 1; t <= steps; t++) {
        const g = (gradient(t)[i] as number) + weightDecay * p;
        m = beta1 * m + (1 - beta1) * g;
        v = beta2 * v + (1 - beta2) * g * g;
        p -= (rate(t) / (1 - beta1 ** t)) * m / (Math.sqrt(v) / Math.sqrt(1 - beta2 ** t) + epsilon);
      }
      return p;
    });
    assertClose(await run(adam({ beta1, beta2, epsilon, weightDecay }), rate), expected, 1e-6);
  });
}

for (const [momentum, nesterov, weightDecay] of [[0, false, 0], [0.9, false, 0.1], [0.8, true, 0]] as const) {
  Deno.test(`sgd follows torch.optim.SGD's equations, momentum ${momentum}, nesterov ${nesterov}`, async () => {
    const rate = (t: number) => 0.1 / t;
    const expected = start.map((p, i) => {
      let b = 0;
      for (let t = 1; t <= steps; t++) {
        const g = (gradient(t)[i] as number) + weightDecay * p;
        b = momentum * b + g;
        p -= rate(t) * (nesterov ? g + momentum * b : b);
      }
      return p;
    });
    assertClose(await run(sgd({ momentum, nesterov, weightDecay }), rate), expected, 1e-6);
  });
}

Deno.test("an optimiser goes on from its saved state as if it had not stopped", async () => {
  await useEngine();
  for (const make of [() => adam({ learningRate: 0.1 }), () => sgd({ learningRate: 0.1, momentum: 0.9 })]) {
    const step = (optimiser: Optimiser, params: Params, t: number) => {
      const grads = { w: tf.tensor1d(gradient(t)) };
      optimiser.step(params, grads);
      grads.w.dispose();
    };
    const [whole, parted] = [{ w: tf.tensor1d(start) }, { w: tf.tensor1d(start) }];
    const [one, two, three] = [make(), make(), make()];
    for (let t = 1; t <= 4; t++) step(one, whole, t);
    for (let t = 1; t <= 2; t++) step(two, parted, t);
    const state = two.state();
    two.dispose();
    three.restore(state);
    for (let t = 3; t <= 4; t++) step(three, parted, t);
    assertEquals([...parted.w.dataSync()], [...whole.w.dataSync()]);
    tf.dispose([whole, parted, state]);
    one.dispose();
    three.dispose();
  }
});

Deno.test("an optimiser refuses what it cannot do", async () => {
  await useEngine();
  assertThrows(() => adam({ beta1: 1 }), RangeError, "beta1 must be in [0, 1), current value is 1");
  assertThrows(() => sgd({ nesterov: true }), RangeError, "nesterov needs a positive momentum");
  const [params, grads] = [{ w: tf.tensor1d([1, 2]) }, { w: tf.tensor1d([1]), v: tf.tensor1d([1]) }];
  assertThrows(
    () => sgd().step(params, { w: grads.w }),
    RangeError,
    "must have shape [2], current shape is [1]",
  );
  assertThrows(() => adam().step(params, { v: grads.v }), RangeError, "there is no parameter v");
  assertThrows(() => adam().restore({ w: params.w }), RangeError, "the state lacks step");
  tf.dispose([params, grads]);
});

Deno.test("1000 steps of a small network leave the number of tensors where it was", async () => {
  await useEngine();
  const { gradients } = await import("../../engine/mod.ts");
  const random = seededRandom(1);
  const draw = (...shape: number[]) =>
    tf.tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal() / 3), shape);
  const params: Params = { conv: draw(3, 3, 2, 4), linear: draw(4, 3), bias: draw(3) };
  const [x, labels] = [draw(4, 6, 6, 2) as tf.Tensor4D, tf.tensor1d([0, 1, 2, 1], "int32")];
  const optimiser = adam({ learningRate: 0.01 });
  const losses: number[] = [];
  const step = () => {
    const { value, grads } = gradients(
      () => {
        const map = tf.leakyRelu(tf.conv2d(x, params.conv as tf.Tensor4D, 1, 1), 0.2);
        const pooled = tf.maxPool(map, 3, 2, 1).mean([1, 2]) as tf.Tensor2D;
        const logits = pooled.matMul(params.linear as tf.Tensor2D).add(params.bias as tf.Tensor);
        return { loss: tf.losses.softmaxCrossEntropy(tf.oneHot(labels, 3), logits).asScalar() };
      },
      params,
      Object.keys(params),
    );
    losses.push(value.loss.dataSync()[0] as number);
    optimiser.step(params, grads);
    tf.dispose([value, grads]);
  };
  step();
  const before = tf.memory();
  for (let i = 0; i < 1000; i++) step();
  const after = tf.memory();
  assertEquals(after.numTensors, before.numTensors);
  assertEquals(after.numBytes, before.numBytes);
  assertAlmostEquals(losses.at(-1) ?? NaN, 0, 0.05); // it does learn
  tf.dispose([params, x, labels]);
  optimiser.dispose();
});
