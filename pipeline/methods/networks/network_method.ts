import * as tf from "@tensorflow/tfjs";
import { batchSampler } from "../../../data/mod.ts";
import { adam, type Random, seededRandom } from "../../../engine/mod.ts";
import type { expressionLoss } from "../../../losses/mod.ts";
import { checkMethodSamples, loadParams, mostLikely, saveParams } from "../../../models/mod.ts";
import type {
  Explanation,
  Features,
  InputKind,
  Method,
  MethodInputs,
  MethodSample,
  MethodTrainOptions,
  Model,
  Params,
} from "../../../types.ts";
import { balancedWeights } from "../../balanced_weights.ts";
import { stepsPerEpoch } from "../../stages/schedule.ts";
import { trainExpression } from "../../stages/train_expression.ts";
import type { LoopParts, TrainingLoop } from "../../training_state.ts";
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
  /** What weights, batches and dropout are drawn from. @default the seed of the training alone */
  readonly streams?: (seed: number, run?: RunStreams) => Streams;
  /** What a report shows of a clip: z and Grad-CAM of the class that it predicts. */
  readonly explain?: (params: Params, image: tf.Tensor4D) => Explanation;
}

/** What a run draws from: its seed, and the stream of the fold or of the inner split. */
export interface RunStreams {
  /** The run's seed. */
  readonly seed: number;
  /** The stream of the training. */
  readonly random: Random;
}

/** What a network's training draws from. */
interface Streams {
  /** The seed of the first weights. */
  readonly weights: number;
  /** Its forks `batches` and `dropout` draw these. */
  readonly random: Random;
}

/** What a pipeline gives a network's training beside what the contract knows. */
export interface NetworkTrainOptions extends MethodTrainOptions<Params> {
  /** What the run draws from. */
  readonly run?: RunStreams;
  /** Begins the loop of steps: where it was interrupted, at its checkpoint. */
  readonly loop?: (parts: Omit<LoopParts, "kept">) => Promise<TrainingLoop>;
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
    stepsPerEpoch: (clips) => stepsPerEpoch(clips, settings.batch),
    async train(samples, seed, { onStep, run, loop: begin }: NetworkTrainOptions = {}) {
      checkMethodSamples(name, samples, classes);
      for (const { features } of samples) refuseUnlessLong(`train ${name}`, features, length);
      const { weights, random } = (parts.streams ?? ownStreams)(seed, run);
      const drawn = model.init(weights);
      const params = await parts.start?.(drawn) ?? drawn;
      const labels = samples.map(({ classIndex }) => classIndex);
      const optimiser = adam({ learningRate: settings.learningRate, weightDecay: settings.weightDecay });
      const dropout = random.fork("dropout");
      const draw = batchSampler(labels, {
        batch: settings.batch,
        sampling: settings.sampling,
        random: random.fork("batches"),
      });
      try {
        const loop = await begin?.({
          params,
          optimiser,
          streams: { dropout },
          steps: settings.steps,
          epoch: stepsPerEpoch(samples.length, settings.batch),
        });
        await trainExpression(
          {
            logits: (p, input: tf.Tensor4D, mode) => model.apply(p, input, mode),
            batch: (positions) => images(positions.map((p) => (samples[p] as MethodSample).features)),
            classes: labels,
            classWeights: settings.classWeights === "none" ? undefined : balancedWeights(labels, classes),
            trainable: model.parameters.filter((p) => p.trainable).map((p) => p.name),
            ...(parts.loss ? { loss: parts.loss } : {}),
            trail: { streams: [] },
          },
          params,
          { ...settings, from: loop?.from ?? 0 },
          optimiser,
          loop?.forward(draw) ?? draw,
          dropout.next,
          async (step) => {
            await onStep?.(step, params);
            await loop?.after(step.step);
          },
        );
        return params;
      } catch (error) {
        tf.dispose(params);
        throw error;
      } finally {
        optimiser.dispose();
      }
    },
    predict(params, features) {
      refuseUnlessLong(`predict with ${name}`, features, length);
      const probabilities = tf.tidy(() => {
        const outputs = model.apply(params, images([features]), "infer");
        return Array.from((parts.probabilities ?? softmax)(outputs).dataSync());
      });
      return { prediction: mostLikely(probabilities), probabilities };
    },
    ...(parts.explain
      ? {
        explain: (params, features) => {
          refuseUnlessLong(`explain ${name}`, features, length);
          const image = images([features]);
          const explanation = parts.explain!(params, image);
          image.dispose();
          return explanation;
        },
      }
      : {}),
    save: (params) => saveParams(params, { method: name }),
    load: (bytes) => loadParams(model, bytes, { file: `the trained ${name}` }),
    dispose: (params) => tf.dispose(params),
  };
}

function ownStreams(seed: number): Streams {
  const random = seededRandom(seed);
  return { weights: random.fork("init").integer(2 ** 31), random };
}

function softmax(outputs: tf.Tensor2D): tf.Tensor2D {
  return tf.softmax(outputs);
}

function refuseUnlessLong(what: string, features: Features, length: number): void {
  if (features.length === length) return;
  throw new RangeError(`Cannot ${what}: a clip must have ${length} numbers, found ${features.length}`);
}
