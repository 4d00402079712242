/** Small training steps on one engine, in a process of its own: `_engine_step.ts ENGINE`. Prints one line of JSON. */
import * as tf from "@tensorflow/tfjs";
import { adam, type Optimiser, seededRandom, sgd, startEngine, trainingStep } from "../engine/mod.ts";
import { resnet18Classifier } from "../models/mod.ts";

/** What a process reports. */
export interface EngineSteps {
  /** The loss before any step. */
  readonly loss: number;
  /** The trained weights after two steps of SGD, and of Adam, by name. */
  readonly sgd: Record<string, number[]>;
  readonly adam: Record<string, number[]>;
  /** Least milliseconds of a step at width 4, and at width 32 (not on cpu). */
  readonly small: number;
  readonly large?: number;
}

/** Trains a ResNet18 of this width on drawn pictures and gives its weights, first loss and the least time of a step. */
function train(
  width: number,
  size: number,
  optimiser: Optimiser,
  steps: number,
): { weights: Record<string, number[]>; loss: number; ms: number } {
  const random = seededRandom(1);
  const batch = 8, classes = 3;
  const pixels = Float32Array.from({ length: batch * size * size * 3 }, () => random.normal());
  const x = tf.tensor4d(pixels, [batch, size, size, 3]);
  const labels = tf.oneHot(
    tf.tensor1d(Array.from({ length: batch }, (_, i) => i % classes), "int32"),
    classes,
  );
  const model = resnet18Classifier({ width, classes });
  const params = model.init(1);
  const names = model.parameters.filter((p) => p.trainable).map((p) => p.name);
  const losses: number[] = [], times: number[] = [];
  const training = trainingStep(
    ({ x, labels }: { x: tf.Tensor4D; labels: tf.Tensor }, updates) => ({
      loss: tf.losses.softmaxCrossEntropy(
        labels,
        model.apply(params, x, { updates, random: () => random.next() }),
      ).asScalar(),
    }),
    params,
    names,
    optimiser,
  );
  for (let step = 0; step < steps; step++) {
    const start = performance.now();
    const { loss } = training.run({ x, labels });
    losses.push(loss.dataSync()[0] ?? NaN);
    loss.dispose();
    params[names[0] as string]?.dataSync();
    times.push(performance.now() - start);
  }
  const weights = Object.fromEntries(
    names.map((name) => [name, Array.from((params[name] as tf.Tensor).dataSync())]),
  );
  training.dispose();
  tf.dispose([params, x, labels]);
  optimiser.dispose();
  // The least: other work on the machine only ever adds.
  return { weights, loss: losses[0] as number, ms: Math.min(...times.slice(1)) };
}

if (import.meta.main) {
  const engine = Deno.args[0] as string;
  await startEngine(engine, { say: () => {} });
  const plain = train(4, 32, sgd({ learningRate: 0.01 }), 2);
  const corrected = train(4, 32, adam({ learningRate: 1e-3 }), 2);
  const small = engine === "cpu" ? plain.ms : train(4, 32, sgd(), 6).ms;
  const steps: EngineSteps = {
    loss: plain.loss,
    sgd: plain.weights,
    adam: corrected.weights,
    small,
    ...(engine === "cpu" ? {} : { large: train(32, 48, adam({ learningRate: 1e-4 }), 8).ms }),
  };
  console.log(JSON.stringify(steps));
}
