import * as tf from "@tensorflow/tfjs";
import { adam, gradients, seededRandom, trainingStep } from "../../engine/mod.ts";
import { expressionLoss } from "../../losses/mod.ts";
import { resnet18Classifier } from "../../models/mod.ts";
import type { Params } from "../../types.ts";

/** The case that all others are held against: a matrix product, which is the engine's own. */
export const yardstick = "matrix product";
/** The case that is compared from engine to engine. */
export const wholeStep = "ResNet18 training step";

/** What is timed, by name; each does its work and disposes what it made. Small enough for a processor's second-level cache. */
export function cases(): Record<string, () => void> {
  const random = seededRandom(1);
  const draw = (...shape: number[]) =>
    tf.tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()), shape);
  const [a, b] = [draw(384, 384) as tf.Tensor2D, draw(384, 384) as tf.Tensor2D];
  const x = draw(4, 16, 16, 32) as tf.Tensor4D;
  const filter = draw(3, 3, 32, 32) as tf.Tensor4D;
  const pad = [[0, 0], [1, 1], [1, 1], [0, 0]] as unknown as "valid"; // tfjs's types forget this form
  const half = draw(4, 8, 8, 32) as tf.Tensor4D;
  const run = (name: string, inputs: tf.NamedTensorMap, attrs: Record<string, unknown>) => () =>
    tf.dispose(tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap) as tf.Tensor);
  const convolution = (stride: number) => ({ strides: [stride, stride], pad, dataFormat: "NHWC" });
  const pooled = tf.maxPool(x, 3, 2, 1);
  return {
    [yardstick]: () => tf.matMul(a, b).dispose(),
    "convolution": () => tf.conv2d(x, filter, 1, pad).dispose(),
    "gradient by the filter": run("Conv2DBackpropFilter", { x, dy: x }, {
      ...convolution(1),
      filterShape: filter.shape,
    }),
    "gradient by the maps": run("Conv2DBackpropInput", { dy: x, filter }, {
      ...convolution(1),
      inputShape: x.shape,
    }),
    "gradient by the maps, stride 2": run("Conv2DBackpropInput", { dy: half, filter }, {
      ...convolution(2),
      inputShape: x.shape,
    }),
    "gradient of max-pooling": run("MaxPoolGrad", { dy: pooled, input: x, output: pooled }, {
      filterSize: 3,
      strides: 2,
      pad: 1,
    }),
    ...batchNorm(x, draw(32) as tf.Tensor1D),
    ...optimiser(draw),
    [wholeStep]: directStep(draw),
    ...recordedStep(draw),
  };
}

/** Batch norm and its gradient by the fused kernels, which both engines have. */
function batchNorm(x: tf.Tensor4D, gamma: tf.Tensor1D): Record<string, () => void> {
  const forward = () =>
    tf.engine().runKernel("M2MBatchNorm", { x, gamma, beta: gamma }, { epsilon: 1e-5 }) as unknown as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
  const [y, mean, variance] = forward();
  const inputs = { x, dy: y, gamma, mean, variance };
  return {
    "batch norm": () => tf.dispose(forward()),
    "gradient of batch norm": () =>
      tf.dispose(tf.engine().runKernel("M2MBatchNormGrad", inputs, { epsilon: 1e-5 }) as tf.Tensor),
  };
}

function optimiser(draw: (...shape: number[]) => tf.Tensor): Record<string, () => void> {
  const params: Params = { w: draw(3, 3, 64, 64) }, grads: Params = { w: draw(3, 3, 64, 64) };
  const chosen = adam();
  return { "Adam": () => chosen.step(params, grads) };
}

/** A small network, a batch for it and its loss. */
function smallTraining(draw: (...shape: number[]) => tf.Tensor) {
  const model = resnet18Classifier({ width: 8, classes: 3 });
  const params = model.init(1);
  return {
    params,
    names: model.parameters.filter((p) => p.trainable).map((p) => p.name),
    input: { x: draw(4, 32, 32, 3) as tf.Tensor4D, labels: tf.tensor1d([0, 1, 2, 0], "int32") },
    optimiser: adam({ learningRate: 1e-4 }),
    loss: ({ x, labels }: { x: tf.Tensor4D; labels: tf.Tensor1D }, updates: Params) => ({
      loss: expressionLoss(model.apply(params, x, { updates, random: Math.random }) as tf.Tensor2D, labels),
    }),
  };
}

function directStep(draw: (...shape: number[]) => tf.Tensor): () => void {
  const { params, names, input, optimiser, loss } = smallTraining(draw);
  return () => {
    const updates: Params = {};
    const { value, grads } = gradients(() => loss(input, updates), params, names);
    optimiser.step(params, grads);
    for (const [name, tensor] of Object.entries(updates)) {
      params[name]?.dispose();
      params[name] = tensor;
    }
    value.loss.dataSync();
    tf.dispose([value, grads]);
  };
}

/** The step as runs make it, where the engine records. */
function recordedStep(draw: (...shape: number[]) => tf.Tensor): Record<string, () => void> {
  const { params, names, input, optimiser, loss } = smallTraining(draw);
  const training = trainingStep(loss, params, names, optimiser);
  const step = () => {
    const value = training.run(input);
    value.loss.dataSync();
    tf.dispose(value);
  };
  step();
  return training.recorded.count === 1 ? { [`${wholeStep}, recorded`]: step } : {};
}
