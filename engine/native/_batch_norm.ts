import type * as tf from "@tensorflow/tfjs";
import type { NativeBackend, OpAttribute } from "./_load_backend.ts";

/**
 * Batch norm in training: y = gamma (x - mean) / sqrt(variance + epsilon) + beta with mean and biased variance over all but
 * the last axis of (n, h, w, C). Outputs y, mean, variance.
 */
export function batchNorm(
  inputs: { x: tf.TensorInfo; gamma: tf.TensorInfo; beta: tf.TensorInfo },
  { epsilon }: { epsilon: number },
  backend: NativeBackend,
): tf.TensorInfo[] {
  const empty = noValues(backend);
  const { x, gamma, beta } = inputs;
  const [y, batchMean, unbiased, mean, variance, rest] = backend.executeMultipleOutputs(
    "FusedBatchNormV3",
    attributes(backend, epsilon),
    [x, gamma, beta, empty, empty],
    6,
  ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  for (const tensor of [batchMean, unbiased, rest]) tensor.dispose();
  return [y, mean, variance];
}

/**
 * The same with the running statistics brought forward: old (1 - momentum) + momentum times the batch's mean and unbiased variance.
 * Outputs y, mean, biased variance, the next running mean and variance.
 */
export function batchNormTracking(
  inputs: {
    x: tf.TensorInfo;
    gamma: tf.TensorInfo;
    beta: tf.TensorInfo;
    oldMean: tf.TensorInfo;
    oldVariance: tf.TensorInfo;
  },
  { epsilon, momentum }: { epsilon: number; momentum: number },
  backend: NativeBackend,
): tf.TensorInfo[] {
  const { x, gamma, beta, oldMean, oldVariance } = inputs;
  const factor = { name: "exponential_avg_factor", type: backend.binding.TF_ATTR_FLOAT, value: momentum };
  const [y, runningMean, runningVariance, mean, variance, rest] = backend.executeMultipleOutputs(
    "FusedBatchNormV3",
    [...attributes(backend, epsilon), factor],
    [x, gamma, beta, oldMean, oldVariance],
    6,
  ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  rest.dispose();
  return [y, mean, variance, runningMean, runningVariance];
}

/** Batch norm by running statistics: gamma (x - mean) / sqrt(variance + epsilon) + beta. */
export function batchNormInference(
  inputs: {
    x: tf.TensorInfo;
    gamma: tf.TensorInfo;
    beta: tf.TensorInfo;
    mean: tf.TensorInfo;
    variance: tf.TensorInfo;
  },
  { epsilon }: { epsilon: number },
  backend: NativeBackend,
): tf.TensorInfo {
  const { x, gamma, beta, mean, variance } = inputs;
  const [y, ...rest] = backend.executeMultipleOutputs(
    "FusedBatchNormV3",
    attributes(backend, epsilon, false),
    [x, gamma, beta, mean, variance],
    6,
  ) as [tf.Tensor, ...tf.Tensor[]];
  for (const tensor of rest) tensor.dispose();
  return y;
}

/** Its gradient from the saved mean and biased variance. Outputs dx, dgamma, dbeta. */
export function batchNormGrad(
  inputs: {
    x: tf.TensorInfo;
    dy: tf.TensorInfo;
    gamma: tf.TensorInfo;
    mean: tf.TensorInfo;
    variance: tf.TensorInfo;
  },
  { epsilon }: { epsilon: number },
  backend: NativeBackend,
): tf.TensorInfo[] {
  const { x, dy, gamma, mean, variance } = inputs;
  const [dx, dgamma, dbeta, ...rest] = backend.executeMultipleOutputs(
    "FusedBatchNormGradV3",
    attributes(backend, epsilon),
    [dy, x, gamma, mean, variance, noValues(backend)],
    5,
  ) as [tf.Tensor, tf.Tensor, tf.Tensor, ...tf.Tensor[]];
  for (const tensor of rest) tensor.dispose();
  return [dx, dgamma, dbeta];
}

function attributes({ binding }: NativeBackend, epsilon: number, training = true): OpAttribute[] {
  return [
    { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: "U", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: "epsilon", type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: "data_format", type: binding.TF_ATTR_STRING, value: "NHWC" },
    { name: "is_training", type: binding.TF_ATTR_BOOL, value: training },
  ];
}

let values: tf.TensorInfo | undefined;

/** A tensor of no values, made once: the running statistics, which training does not read. */
function noValues(backend: NativeBackend): tf.TensorInfo {
  return values ??= {
    dataId: backend.write(new Float32Array(0), [0], "float32"),
    shape: [0],
    dtype: "float32",
  };
}
