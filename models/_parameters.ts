import * as tf from "@tensorflow/tfjs";
import { type Random, seededRandom } from "../engine/random.ts";
import type { Mode, Model, ParameterInfo, Params } from "../types.ts";

/** A parameter with the way it is drawn. */
export interface ParameterSpec extends ParameterInfo {
  readonly fill: (random: Random) => number;
}

/** A model out of its parameters and its forward pass. */
export function defineModel<Input, Output>(
  specs: readonly ParameterSpec[],
  apply: (params: Params, input: Input, mode: Mode) => Output,
): Model<Input, Output> {
  return {
    parameters: specs.map(({ name, shape, trainable }) => ({ name, shape, trainable })),
    init: (seed) => {
      const root = seededRandom(seed);
      // A stream for each name: a parameter's values do not depend on what else the model holds.
      return Object.fromEntries(specs.map((spec) => [spec.name, draw(spec, root.fork(spec.name))]));
    },
    apply,
  };
}

function draw(spec: ParameterSpec, random: Random): tf.Tensor {
  const values = new Float32Array(spec.shape.reduce((a, b) => a * b, 1));
  for (let i = 0; i < values.length; i++) values[i] = spec.fill(random);
  return tf.tensor(values, [...spec.shape], "float32");
}

/** The parameter `name`, or a TypeError that names it. */
export function parameter<T extends tf.Tensor = tf.Tensor>(params: Params, name: string): T {
  const tensor = params[name];
  if (tensor === undefined) throw new TypeError(`Cannot apply the model: parameter ${name} is missing`);
  return tensor as T;
}

/** A convolution kernel (kh, kw, in, out) by He et al. 2015, fan out, as torchvision draws ResNet's. */
export function heKernel(name: string, shape: readonly [number, number, number, number]): ParameterSpec {
  const [kh, kw, , out] = shape;
  const deviation = Math.sqrt(2 / (kh * kw * out));
  return { name, shape, trainable: true, fill: (random) => random.normal() * deviation };
}

/** Weight and bias of a layer as PyTorch draws them by default: uniform within 1 / sqrt(fan in). */
export function weightAndBias(prefix: string, shape: readonly number[]): ParameterSpec[] {
  const fanIn = shape.slice(0, -1).reduce((a, b) => a * b, 1);
  const bound = 1 / Math.sqrt(fanIn);
  const fill = (random: Random) => (2 * random.next() - 1) * bound;
  return [
    { name: `${prefix}.weight`, shape, trainable: true, fill },
    { name: `${prefix}.bias`, shape: shape.slice(-1), trainable: true, fill },
  ];
}

/** Weight, bias and running statistics of a batch norm over `channels`. */
export function batchNormParameters(prefix: string, channels: number): ParameterSpec[] {
  const one = (name: string, value: number, trainable: boolean) => ({
    name: `${prefix}.${name}`,
    shape: [channels],
    trainable,
    fill: () => value,
  });
  return [
    one("weight", 1, true),
    one("bias", 0, true),
    one("running_mean", 0, false),
    one("running_var", 1, false),
  ];
}

/** The parameters of these names side by side along the last axis. */
export function concatenated<T extends tf.Tensor>(params: Params, names: readonly string[]): T {
  const tensors = names.map((name) => parameter<T>(params, name));
  return tensors.length === 1 ? tensors[0] as T : tf.concat(tensors, -1);
}
