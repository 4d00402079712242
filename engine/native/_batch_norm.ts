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

function attributes({ binding }: NativeBackend, epsilon: number): OpAttribute[] {
  return [
    { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: "U", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: "epsilon", type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: "data_format", type: binding.TF_ATTR_STRING, value: "NHWC" },
    { name: "is_training", type: binding.TF_ATTR_BOOL, value: true },
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
