import * as tf from "@tensorflow/tfjs";
import { batchSampler } from "../../../data/mod.ts";
import { adam, seededRandom } from "../../../engine/mod.ts";
import type { expressionLoss } from "../../../losses/mod.ts";
import { checkMethodSamples, loadParams, saveParams } from "../../../models/mod.ts";
import type {
  Features,
  InputKind,
  Method,
  MethodInputs,
  MethodSample,
  Model,
  Params,
} from "../../../types.ts";
import { balancedWeights } from "../../balanced_weights.ts";
import { trainExpression } from "../../stages/train_expression.ts";
import type { Training } from "./settings.ts";

/** What makes a method of a network. */
export interface NetworkParts<Kind extends InputKind> {
  /** As pipelines name it. */
  readonly name: string;
  /** Names all that `describe` depends on. */
  readonly describedBy: string;
  /** The network's input image of a clip, row-major. */
  readonly describe: (input: MethodInputs[Kind]) => Features;
  /** h, w, C of that image. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /** What stored bytes are divided by before the network sees them. @default 1 */
  readonly unit?: number;
  /** The network, from images to one number for each class. */
  readonly model: Model<tf.Tensor4D, tf.Tensor2D>;
  /** What it trains with. @default expressionLoss */
  readonly loss?: typeof expressionLoss;
  /** From its outputs to probabilities. @default softmax */
  readonly probabilities?: (outputs: tf.Tensor2D) => tf.Tensor2D;
  /** Weights to begin with in place of drawn ones. The caller disposes them. */
  readonly start?: (params: Params) => Promise<Params>;
}

/** A comparison method out of a network: Adam on batches of described clips, the last step's network predicts. */
export function networkMethod<Kind extends InputKind>(
  parts: NetworkParts<Kind>,
  settings: Training,
  classes: number,
): Method<Kind, Params> {
  const { name, describedBy, describe, shape, model, unit = 1 } = parts;
  const length = shape.reduce((a, b) => a * b, 1);
  const images = (features: readonly Features[]) => {
    const values = new Float32Array(features.length * length);
    features.forEach((image, i) => values.set(image, i * length));
    if (unit !== 1) values.forEach((value, i) => values[i] = value / unit);
    return tf.tensor4d(values, [features.length, ...shape]);
  };
  return {
    describedBy,
    describe,
    steps: settings.steps,
    async train(samples, seed, { onStep } = {}) {
      checkMethodSamples(name, samples, classes);
      for (const { features } of samples) refuseUnlessLong(`train ${name}`, features, length);
      const random = seededRandom(seed);
      const drawn = model.init(random.fork("init").integer(2 ** 31));
      const params = await parts.start?.(drawn) ?? drawn;
      const labels = samples.map(({ classIndex }) => classIndex);
      const optimiser = adam({ learningRate: settings.learningRate, weightDecay: settings.weightDecay });
      await trainExpression(
        {
          logits: (p, input: tf.Tensor4D, mode) => model.apply(p, input, mode),
          batch: (positions) => images(positions.map((p) => (samples[p] as MethodSample).features)),
          classes: labels,
          classWeights: settings.classWeights === "none" ? undefined : balancedWeights(labels, classes),
          trainable: model.parameters.filter((p) => p.trainable).map((p) => p.name),
          ...(parts.loss ? { loss: parts.loss } : {}),
        },
        params,
        settings,
        optimiser,
        batchSampler(labels, {
          batch: settings.batch,
          sampling: settings.sampling,
          random: random.fork("batches"),
        }),
        random.fork("dropout").next,
        async (step) => await onStep?.(step),
      );
      optimiser.dispose();
      return params;
    },
    predict(params, features) {
      refuseUnlessLong(`predict with ${name}`, features, length);
      const probabilities = tf.tidy(() => {
        const outputs = model.apply(params, images([features]), "infer");
        return Array.from((parts.probabilities ?? softmax)(outputs).dataSync());
      });
      return { prediction: probabilities.indexOf(Math.max(...probabilities)), probabilities };
    },
    save: (params) => saveParams(params, { method: name }),
    load: (bytes) => loadParams(model, bytes, { file: `the trained ${name}` }),
    dispose: (params) => tf.dispose(params),
  };
}

function softmax(outputs: tf.Tensor2D): tf.Tensor2D {
  return tf.softmax(outputs);
}

function refuseUnlessLong(what: string, features: Features, length: number): void {
  if (features.length === length) return;
  throw new RangeError(`Cannot ${what}: a clip must have ${length} numbers, found ${features.length}`);
}
