// Trainings that share recordings make the steps that they would make alone.
import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { adam, perStep, seededRandom, SharedRecordings, trainingStep } from "../../engine/mod.ts";
import { recording } from "../../engine/_recorder.ts";
import type { Params } from "../../types.ts";
import { useEngine } from "../_engine.ts";

const { name: engine } = await useEngine();
const records = recording.recorder !== undefined;
const skipped = records ? "" : ` (skipped: the ${engine} engine here does not record)`;

/** What a training may share: how its step is made. */
interface Settings {
  /** A constant of the step. */
  readonly factor?: number;
  /** Whether its values are masked anew in each step. */
  readonly masked?: boolean;
}

/** Some steps of a small network; gives the losses, the weights and how many recordings it could use at the end. */
function train(seed: number, { factor = 1, masked = false }: Settings, shared?: SharedRecordings) {
  const random = seededRandom(seed);
  const draw = (...shape: number[]) =>
    tf.tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()), shape);
  const params: Params = { w: draw(5, 4), b: draw(4), mean: tf.zeros([4]) };
  const optimiser = adam({ learningRate: 0.1 });
  const step = trainingStep(
    ({ x }: { x: tf.Tensor2D }, updates) => {
      const y = tf.add(tf.matMul(x, params.w as tf.Tensor2D), params.b as tf.Tensor);
      const mask = masked
        ? perStep(() => tf.tensor1d(Float32Array.from({ length: 4 }, () => random.next())))
        : 1;
      updates.mean = tf.keep(tf.add(tf.mul(params.mean as tf.Tensor, 0.9), tf.mean(y, 0)));
      return { loss: tf.sum(tf.square(tf.mul(tf.mul(y, mask), factor))) as tf.Scalar };
    },
    params,
    ["w", "b"],
    optimiser,
    shared
      ? { shared: { recordings: shared, slot: "step", key: JSON.stringify({ factor }) } }
      : { record: false },
  );
  const losses = Array.from({ length: 4 }, () => {
    const x = draw(3, 5) as tf.Tensor2D;
    const { loss } = step.run({ x });
    const value = loss.dataSync()[0];
    tf.dispose([x, loss]);
    return value;
  });
  const weights = Object.values(params).map((tensor) => [...tensor.dataSync()]);
  const { count } = step.recorded;
  step.dispose();
  optimiser.dispose();
  tf.dispose(params);
  return { losses, weights, count };
}

/** The bits without the count. */
const bits = ({ losses, weights }: ReturnType<typeof train>) => ({ losses, weights });

Deno.test({
  name: `trainings that share a recording are the direct ones to the last bit, and record once${skipped}`,
  ignore: !records,
  fn() {
    const before = tf.memory().numTensors;
    const recorder = recording.recorder!;
    let made = 0;
    recording.recorder = {
      record(...given) {
        made++;
        return recorder.record(...given);
      },
    };
    const shared = new SharedRecordings();
    try {
      for (const seed of [1, 2, 3]) assertEquals(bits(train(seed, {}, shared)), bits(train(seed, {})));
      assertEquals(made, 1);
    } finally {
      recording.recorder = recorder;
    }
    shared.dispose();
    assertEquals(tf.memory().numTensors, before);
  },
});

Deno.test({
  name: `another key is another recording, and the old one is forgotten${skipped}`,
  ignore: !records,
  fn() {
    const shared = new SharedRecordings();
    for (const factor of [1, 2, 1, 0.5]) {
      const found = train(4, { factor }, shared);
      assertEquals(bits(found), bits(train(4, { factor })));
      assertEquals(found.count, 1);
    }
    shared.dispose();
  },
});

Deno.test({
  name: `a step that draws anew is not shared: each training draws from its own stream${skipped}`,
  ignore: !records,
  fn() {
    const shared = new SharedRecordings();
    for (const seed of [5, 6]) {
      assertEquals(bits(train(seed, { masked: true }, shared)), bits(train(seed, { masked: true })));
    }
    shared.dispose();
  },
});
