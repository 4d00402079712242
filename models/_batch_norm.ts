import * as tf from "@tensorflow/tfjs";
import type { Mode, Params } from "../types.ts";
import { concatenated, parameter } from "./_parameters.ts";
import { sumRows } from "./_sum_rows.ts";

/** PyTorch's defaults. */
const epsilon = 1e-5;
const momentum = 0.1;

/**
 * Batch norm over n, h, w with PyTorch's arithmetic: the batch's biased variance normalises, its unbiased variance
 * enters the running variance. With a single row (where PyTorch refuses) the result is `beta` and the variance 0 enters.
 * Takes (n, h, w, C); several prefixes share the channels in their order. Training modes only, see `foldedNorm`.
 */
export function batchNorm(
  params: Params,
  prefixes: readonly string[],
  x: tf.Tensor4D,
  mode: Exclude<Mode, "infer">,
): tf.Tensor4D {
  const gamma = concatenated<tf.Tensor1D>(params, prefixes.map((prefix) => `${prefix}.weight`));
  const beta = concatenated<tf.Tensor1D>(params, prefixes.map((prefix) => `${prefix}.bias`));
  const rows = x.size / gamma.size;
  const [only] = prefixes;
  if (prefixes.length === 1 && hasKernel("M2MBatchNormTracking")) {
    return trackingBatchNorm(params, only as string, x, mode.updates);
  }
  return trainingBatchNorm(x, gamma, beta, (mean, variance) => {
    let from = 0;
    for (const prefix of prefixes) {
      const size = parameter(params, `${prefix}.running_mean`).size;
      const part = (statistic: tf.Tensor1D) =>
        prefixes.length === 1 ? statistic : statistic.slice(from, size);
      remember(params, `${prefix}.running_mean`, part(mean), 1, mode.updates);
      remember(params, `${prefix}.running_var`, part(variance), rows / Math.max(rows - 1, 1), mode.updates);
      from += size;
    }
  });
}

/** The same where the engine brings the running statistics forward in the same operation. */
function trackingBatchNorm(params: Params, prefix: string, x: tf.Tensor4D, updates: Params): tf.Tensor4D {
  const names = [`${prefix}.running_mean`, `${prefix}.running_var`] as const;
  const [oldMean, oldVariance] = names.map((name) => updates[name] ?? parameter(params, name));
  const op = tf.customGrad((...args) => {
    const [x, gamma, beta, save] = args as unknown as [
      tf.Tensor4D,
      tf.Tensor1D,
      tf.Tensor1D,
      tf.GradSaveFunc,
    ];
    const inputs = { x, gamma, beta, oldMean, oldVariance } as tf.NamedTensorMap;
    const [y, mean, variance, ...running] = tf.engine().runKernel("M2MBatchNormTracking", inputs, {
      epsilon,
      momentum,
    }) as unknown as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.Tensor, tf.Tensor];
    names.forEach((name, i) => {
      const before = updates[name];
      updates[name] = tf.keep(running[i] as tf.Tensor);
      before?.dispose();
    });
    save([x, gamma, mean, variance]);
    const gradFunc = (dy: tf.Tensor4D, saved: tf.Tensor[]) => {
      const [x, gamma, mean, variance] = saved as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
      return kernelGradient(x, dy, gamma, mean, variance);
    };
    return { value: y, gradFunc: gradFunc as (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[] };
  });
  return op(x, parameter(params, `${prefix}.weight`), parameter(params, `${prefix}.bias`)) as tf.Tensor4D;
}

/** Whether the engine has {@link inferredNorm}. */
export function hasInferredNorm(): boolean {
  return hasKernel("M2MBatchNormInference");
}

/** Batch norm by the running statistics in one operation. They are constants: the gradient is by x, weight and bias. */
export function inferredNorm(params: Params, prefix: string, x: tf.Tensor4D): tf.Tensor4D {
  const [mean, variance] = ["running_mean", "running_var"].map((name) =>
    parameter(params, `${prefix}.${name}`)
  ) as [tf.Tensor1D, tf.Tensor1D];
  const op = tf.customGrad((...args) => {
    const [x, gamma, beta, save] = args as unknown as [
      tf.Tensor4D,
      tf.Tensor1D,
      tf.Tensor1D,
      tf.GradSaveFunc,
    ];
    const inputs = { x, gamma, beta, mean, variance };
    save([x, gamma]);
    const gradFunc = (dy: tf.Tensor4D, saved: tf.Tensor[]) => {
      const [x, gamma] = saved as [tf.Tensor4D, tf.Tensor1D];
      const r = inverseDeviation(variance);
      return [dy.mul(gamma.mul(r)), sumRows(dy.mul(x.sub<tf.Tensor4D>(mean))).mul(r), sumRows(dy)];
    };
    return {
      value: tf.engine().runKernel("M2MBatchNormInference", inputs, { epsilon }) as tf.Tensor4D,
      gradFunc: gradFunc as (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[],
    };
  });
  return op(x, parameter(params, `${prefix}.weight`), parameter(params, `${prefix}.bias`)) as tf.Tensor4D;
}

/** The running statistics as y = scale x + shift. */
export function foldedNorm(
  params: Params,
  prefixes: readonly string[],
): { scale: tf.Tensor1D; shift: tf.Tensor1D } {
  const get = (name: string) =>
    concatenated<tf.Tensor1D>(params, prefixes.map((prefix) => `${prefix}.${name}`));
  const scale = get("weight").mul<tf.Tensor1D>(inverseDeviation(get("running_var")));
  return { scale, shift: get("bias").sub(get("running_mean").mul(scale)) };
}

/** (x - mean) / sqrt(variance + epsilon) * gamma + beta with the batch's own statistics, which `see` gets. */
function trainingBatchNorm(
  x: tf.Tensor4D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  see: (mean: tf.Tensor1D, variance: tf.Tensor1D) => void,
): tf.Tensor4D {
  const kernel = hasKernel("M2MBatchNorm") && hasKernel("M2MBatchNormGrad");
  // The statistics leave customGrad by the callback, since it returns one value only.
  const op = tf.customGrad((...args) => {
    const [x, gamma, beta, save] = args as unknown as [
      tf.Tensor4D,
      tf.Tensor1D,
      tf.Tensor1D,
      tf.GradSaveFunc,
    ];
    const [y, mean, variance] = kernel ? kernelForward(x, gamma, beta) : compositeForward(x, gamma, beta);
    see(mean, variance);
    save([x, gamma, mean, variance]);
    const gradFunc = (dy: tf.Tensor4D, saved: tf.Tensor[]) => {
      const [x, gamma, mean, variance] = saved as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
      return (kernel ? kernelGradient : compositeGradient)(x, dy, gamma, mean, variance);
    };
    return { value: y, gradFunc: gradFunc as (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[] };
  });
  return op(x, gamma, beta) as tf.Tensor4D;
}

type Forward = [y: tf.Tensor4D, mean: tf.Tensor1D, variance: tf.Tensor1D];

function kernelForward(x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D): Forward {
  return tf.engine().runKernel("M2MBatchNorm", { x, gamma, beta }, { epsilon }) as unknown as Forward;
}

function kernelGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  gamma: tf.Tensor1D,
  mean: tf.Tensor1D,
  variance: tf.Tensor1D,
): tf.Tensor[] {
  const inputs = { x, dy, gamma, mean, variance };
  return tf.engine().runKernel("M2MBatchNormGrad", inputs, { epsilon }) as unknown as tf.Tensor[];
}

function compositeForward(x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D): Forward {
  const rows = x.size / gamma.size;
  const mean = sumRows(x).div<tf.Tensor1D>(rows);
  const centred = x.sub<tf.Tensor4D>(mean);
  const variance = sumRows(centred.square()).div<tf.Tensor1D>(rows);
  return [centred.mul(gamma.mul(inverseDeviation(variance))).add(beta), mean, variance];
}

/**
 * With x' = (x - mean) r, r = 1 / sqrt(variance + epsilon), m rows: dbeta = sum dy, dgamma = sum dy x',
 * dx = gamma r (dy - dbeta / m - x' dgamma / m), which is a dy + b (x - mean) + c for each channel.
 */
function compositeGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  gamma: tf.Tensor1D,
  mean: tf.Tensor1D,
  variance: tf.Tensor1D,
): tf.Tensor[] {
  const rows = x.size / gamma.size;
  const centred = x.sub<tf.Tensor4D>(mean);
  const r = inverseDeviation(variance);
  const dbeta = sumRows(dy);
  const dgamma = sumRows(dy.mul(centred)).mul(r);
  const a = gamma.mul(r);
  const b = a.mul(r).mul(dgamma).div(-rows);
  const c = a.mul(dbeta).div(-rows);
  return [dy.mul(a).add(centred.mul(b)).add(c), dgamma, dbeta];
}

/** 1 / sqrt(variance + epsilon). */
function inverseDeviation(variance: tf.Tensor1D): tf.Tensor1D {
  return tf.rsqrt(variance.add<tf.Tensor1D>(epsilon));
}

/** new = (1 - momentum) old + momentum scale value, from `updates` where this step has been here before. */
function remember(params: Params, name: string, value: tf.Tensor, scale: number, updates: Params): void {
  const before = updates[name];
  const old = before ?? parameter(params, name);
  updates[name] = tf.keep(tf.tidy(() => old.mul(1 - momentum).add(value.mul(momentum * scale))));
  before?.dispose();
}

function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined;
}
