// A training step replayed as one graph is the step run operation by operation.
import { assert, assertEquals, assertMatch, assertNotEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  adam,
  inEveryStep,
  type Optimiser,
  perStep,
  replayed,
  seededRandom,
  sgd,
  type TrainingStep,
  trainingStep,
} from "../../engine/mod.ts";
import { recording } from "../../engine/_recorder.ts";
import type { NativeBackend } from "../../engine/native/_load_backend.ts";
import { gradientReversal } from "../../losses/mod.ts";
import { resnet18Classifier } from "../../models/mod.ts";
import type { Params } from "../../types.ts";
import { useEngine } from "../_engine.ts";

const { name: engine } = await useEngine();
const records = recording.recorder !== undefined;
const skipped = records
  ? ""
  : engine === "native"
  ? " (skipped: the binding was built without functions.cc; run m2m engine install)"
  : " (skipped: only the native engine records)";

const noneBeside = skipped ||
  ((tf.backend() as unknown as NativeBackend).binding.executeBeside
    ? ""
    : " (skipped: the binding was built before; run m2m engine install)");

interface Inputs {
  x: tf.Tensor4D;
  labels: tf.Tensor1D;
  scale: tf.Scalar;
  /** Which part of the batch counts. */
  first: number;
}
type Result = { loss: tf.Scalar; extra: { correct: tf.Scalar }[] };

/** A ResNet18 of width 2 with a reversal, dropout and a check, and its step. */
class Training {
  readonly params: Params;
  readonly optimiser: Optimiser;
  readonly step: TrainingStep<Inputs, Result>;
  readonly #random = seededRandom(3);
  readonly #inputs = seededRandom(4);

  constructor(record: boolean, optimiser: Optimiser = adam({ weightDecay: 0.01 })) {
    const model = resnet18Classifier({ width: 2, stem: "small", classes: 3 });
    this.params = model.init(1);
    this.optimiser = optimiser;
    const dropout = () =>
      perStep(() => tf.tensor2d(Float32Array.from({ length: 12 }, () => this.#random.integer(2)), [4, 3]));
    this.step = trainingStep(
      ({ x, labels, scale, first }, updates) => {
        inEveryStep([labels], (labels) => {
          if (labels.dataSync().includes(9)) throw new RangeError("there is no class 9");
        });
        const reversed = gradientReversal(x, scale);
        const logits = model.apply(this.params, reversed, { updates, random: this.#random.next });
        const kept = tf.mul(logits, dropout()).slice([first]) as tf.Tensor2D;
        const hot = tf.oneHot(labels, 3).slice([first]) as tf.Tensor2D;
        const correct = tf.sum(tf.mul(hot, kept)) as tf.Scalar;
        return { loss: tf.losses.softmaxCrossEntropy(hot, kept).asScalar(), extra: [{ correct }] };
      },
      this.params,
      model.parameters.filter((p) => p.trainable).map((p) => p.name),
      optimiser,
      { record },
    );
  }

  /** One step on a batch of its own; gives its loss and what comes beside it. */
  run(t: number, label?: number, meanwhile?: () => void): number[] {
    const x = Float32Array.from({ length: 4 * 8 * 8 * 3 }, () => this.#inputs.normal());
    const inputs = {
      x: tf.tensor4d(x, [4, 8, 8, 3]),
      labels: tf.tensor1d(Array.from({ length: 4 }, () => label ?? this.#inputs.integer(3)), "int32"),
      scale: tf.scalar(t / 10),
      first: t % 3 === 2 ? 1 : 0,
    };
    this.optimiser.learningRate = 0.01 / (t + 1);
    try {
      const value = this.step.run(inputs, meanwhile);
      const numbers = [value.loss, value.extra[0]!.correct].map((tensor) => tensor.dataSync()[0] as number);
      tf.dispose(value as unknown as tf.TensorContainer);
      return numbers;
    } finally {
      tf.dispose(inputs as unknown as tf.TensorContainer);
    }
  }

  /** Draws what a step would, without making it. */
  skip(): void {
    for (let i = 0; i < 4 * 8 * 8 * 3; i++) this.#inputs.normal();
    for (let i = 0; i < 4; i++) this.#inputs.integer(3);
    for (let i = 0; i < 12; i++) this.#random.integer(2);
  }

  bytes(params: Params = this.params): Record<string, number[]> {
    return Object.fromEntries(Object.entries(params).map(([name, t]) => [name, [...t.dataSync()]]));
  }

  dispose(): void {
    this.step.dispose();
    this.optimiser.dispose();
    tf.dispose(this.params);
  }
}

Deno.test({
  name:
    `replayed steps are the direct ones to the last bit, on new batches, rates, scales and masks${skipped}`,
  ignore: !records,
  fn() {
    const [replay, direct] = [new Training(true), new Training(false)];
    for (let t = 0; t < 12; t++) assertEquals(replay.run(t), direct.run(t), `step ${t}`);
    assertEquals(replay.step.recorded, { count: 2, problems: [] }); // `first` is 0 or 1
    assertEquals(direct.step.recorded, { count: 0, problems: [] });
    assertEquals(replay.bytes(), direct.bytes());
    const states = [replay, direct].map(({ optimiser }) => optimiser.state());
    assertEquals(replay.bytes(states[0]), direct.bytes(states[1]));
    tf.dispose(states);
    replay.dispose();
    direct.dispose();
  },
});

Deno.test({
  name: `a replayed step checks its inputs each time${skipped}`,
  ignore: !records,
  fn() {
    const training = new Training(true);
    training.run(0);
    assertEquals(training.step.recorded.count, 1);
    assertThrows(() => training.run(1, 9), RangeError, "there is no class 9");
    training.dispose();
  },
});

Deno.test({
  name: `training goes on from copies of parameters and optimiser, wherever its recording began${skipped}`,
  ignore: !records,
  fn() {
    const whole = new Training(true), parted = new Training(true);
    for (let t = 0; t < 3; t++) assertEquals(whole.run(t), parted.run(t));
    const optimiser = adam({ weightDecay: 0.01 });
    const state = parted.optimiser.state();
    optimiser.restore(state);
    const resumed = new Training(true, optimiser);
    for (const [name, tensor] of Object.entries(parted.params)) {
      resumed.params[name]?.dispose();
      resumed.params[name] = tf.tensor(tensor.dataSync().slice(), tensor.shape);
    }
    for (let t = 0; t < 3; t++) resumed.skip();
    for (let t = 3; t < 6; t++) assertEquals(resumed.run(t), whole.run(t), `step ${t}`);
    assertEquals(resumed.bytes(), whole.bytes());
    tf.dispose(state);
    [whole, parted, resumed].forEach((training) => training.dispose());
  },
});

Deno.test({
  name: `a clone of a parameter keeps its values while replayed steps go on${skipped}`,
  ignore: !records,
  fn() {
    const [held, free] = [new Training(true), new Training(true)];
    held.run(0);
    free.run(0);
    const clone = tf.clone(held.params["conv1.weight"] as tf.Tensor);
    const before = [...clone.dataSync()];
    assertEquals(held.run(1), free.run(1));
    assertEquals([...clone.dataSync()], before);
    assertNotEquals([...held.params["conv1.weight"]!.dataSync()], before);
    assertEquals(held.bytes(), free.bytes());
    clone.dispose();
    held.dispose();
    free.dispose();
  },
});

Deno.test({
  name: `1,000 replayed steps leave the number of tensors where it was, in tfjs and in TensorFlow${skipped}`,
  ignore: !records,
  fn() {
    const { binding } = tf.backend() as unknown as { binding: { getNumOfTensors(): number } };
    const outside = tf.memory().numTensors;
    const training = new Training(true);
    for (let t = 0; t < 3; t++) training.run(t);
    const [tensors, handles] = [tf.memory().numTensors, binding.getNumOfTensors()];
    for (let t = 3; t < 1003; t++) training.run(t);
    assertEquals([tf.memory().numTensors, binding.getNumOfTensors()], [tensors, handles]);
    training.dispose();
    assertEquals(tf.memory().numTensors, outside);
  },
});

Deno.test({
  name:
    `what is done while replayed steps compute changes nothing of them and leaves nothing, no thread either${noneBeside}`,
  ignore: noneBeside !== "",
  fn() {
    const { binding } = tf.backend() as unknown as { binding: { getNumOfTensors(): number } };
    const [busy, idle] = [new Training(true), new Training(true)];
    let done = 0;
    /** Operations of its own, values written and read, as making inputs may have them. */
    const work = () => {
      const x = tf.tensor2d(Float32Array.from({ length: 64 }, (_, i) => i), [8, 8]);
      done += tf.tidy(() => tf.sum(tf.matMul(x, tf.eye(8))).dataSync()[0] as number) === 2016 ? 1 : 0;
      x.dispose();
    };
    const held = () => [tf.memory().numTensors, binding.getNumOfTensors()];
    for (let t = 0; t < 3; t++) assertEquals(busy.run(t, undefined, work), idle.run(t));
    const before = held(), threadsBefore = threads();
    for (let t = 3; t < 100; t++) assertEquals(busy.run(t, undefined, work), idle.run(t), `step ${t}`);
    assertEquals([done, held()], [100, before]);
    assert(threads() < threadsBefore + 20, `${threads() - threadsBefore} threads more`); // Deno's own come and go
    assertThrows(() => busy.run(1, 9, work), RangeError, "there is no class 9"); // refused before it begins
    assertEquals([done, held()], [100, before]);
    assertEquals(busy.bytes(), idle.bytes());
    busy.dispose();
    idle.dispose();
  },
});

/** Threads of this process. */
function threads(): number {
  return Deno.build.os === "linux" ? [...Deno.readDirSync("/proc/self/task")].length : 0;
}

Deno.test("a step that reads values back, and one by an optimiser without groups, run directly and rightly", () => {
  for (const optimiser of [adam({ learningRate: 1 }), sgd({ learningRate: 1 })]) {
    const params: Params = { w: tf.tensor1d([2, -1]) };
    const step = trainingStep(
      ({ x }: { x: tf.Tensor1D }) => {
        const y = tf.mul(params.w as tf.Tensor, x);
        const positive = (y.dataSync()[0] as number) > 0; // what no recording can know beforehand
        return { loss: tf.sum(positive ? y : tf.neg(y)) as tf.Scalar };
      },
      params,
      ["w"],
      optimiser,
    );
    const run = (...values: number[]) => {
      const x = tf.tensor1d(values);
      const { loss } = step.run({ x });
      const found = loss.dataSync()[0];
      tf.dispose([x, loss]);
      return found;
    };
    assertEquals([run(1, 1), run(-100, 0)], optimiser.groups ? [1, 100] : [1, 100]);
    assertEquals(step.recorded.count, 0);
    if (records && optimiser.groups) assertMatch(step.recorded.problems[0] ?? "", /^values are read back/);
    assert(params.w!.dataSync().every(Number.isFinite));
    step.dispose();
    optimiser.dispose();
    tf.dispose(params);
  }
});

Deno.test("a step whose inputs hold more than tensors, numbers and texts is refused where steps are recorded", () => {
  if (!records) return;
  const params: Params = { w: tf.scalar(1) };
  const step = trainingStep(
    (_: { f: () => void }) => ({ loss: tf.square(params.w as tf.Scalar) as tf.Scalar }),
    params,
    ["w"],
    adam(),
  );
  assertThrows(() => step.run({ f: () => {} }), TypeError, "it holds [object Function]");
  tf.dispose(params);
});

Deno.test("a replayed function gives what the function gives, for each form of its inputs, and leaks nothing", () => {
  const f = ({ x, twice }: { x: tf.Tensor; twice: boolean }) => ({
    sum: tf.sum(twice ? tf.mul(x, 2) : x),
    same: [tf.square(x), x.add(1).sum()],
  });
  const norm = replayed(f);
  const numbers = ({ sum, same }: ReturnType<typeof f>) => {
    const found = [sum, ...same].map((tensor) => [...tensor.dataSync()]);
    tf.dispose([sum, same]);
    return found;
  };
  const before = tf.memory().numTensors;
  for (
    const [values, twice] of [[[1, 2], false], [[3, -1], true], [[5, 5, 5], true], [[0, 7], true]] as const
  ) {
    const x = tf.tensor1d([...values]);
    const sum = values.reduce<number>((a, b) => a + b, 0);
    assertEquals(numbers(norm.run({ x, twice })), [
      [twice ? 2 * sum : sum],
      values.map((value) => value * value),
      [sum + values.length],
    ]);
    x.dispose();
  }
  assertEquals(norm.recorded, { count: records ? 3 : 0, problems: [] });
  assertEquals(tf.memory().numTensors, before);
  norm.dispose();
});
