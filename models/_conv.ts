import * as tf from "@tensorflow/tfjs";
import type { Mode, Params } from "../types.ts";
import { addBias } from "./_add_bias.ts";
import { batchNorm, foldedNorm, hasInferredNorm, inferredNorm } from "./_batch_norm.ts";
import { lacksExplicitPadding } from "./_explicit_padding.ts";
import { parameter } from "./_parameters.ts";

/** A convolution's stride and its padding on every side (PyTorch's, symmetric and explicit). */
export interface ConvShape {
  readonly stride: number;
  readonly padding: number;
}

/** Convolution without bias, (n, h, w, C) with (kh, kw, C, C') -> (n, h', w', C'). */
export function conv(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  { stride, padding }: ConvShape,
  byHand: boolean = lacksExplicitPadding(),
): tf.Tensor4D {
  if (padding === 0) return tf.conv2d(x, kernel, stride, "valid");
  const border: [number, number] = [padding, padding];
  const borders: [[number, number], [number, number], [number, number], [number, number]] = //
    [[0, 0], border, border, [0, 0]];
  if (!byHand) return tf.conv2d(x, kernel, stride, borders as unknown as "valid"); // tfjs's types forget this form
  const same = stride === 1 && kernel.shape[0] === 2 * padding + 1;
  return same ? tf.conv2d(x, kernel, 1, "same") : tf.conv2d(tf.pad(x, borders), kernel, stride, "valid");
}

/** Convolution with `weight` and `bias` of `prefix`. */
export function convWithBias(params: Params, prefix: string, x: tf.Tensor4D, shape: ConvShape): tf.Tensor4D {
  return addBias(conv(x, parameter(params, `${prefix}.weight`), shape), parameter(params, `${prefix}.bias`));
}

/**
 * Convolution, batch norm and, on request, ReLU. In inference the statistics are a scale and a shift, and the scale goes
 * into whatever is smaller, the kernel or the map: gamma r (K x - mean) + beta = (gamma r K) x + (beta - gamma r mean).
 * (tfjs's fused convolution is slower on wasm: it packs the new kernel at every call.) The native engine has one operation for it, which
 * leaves the kernel as it is.
 */
export function convBatchNorm(
  params: Params,
  names: { readonly conv: string; readonly norm: string },
  x: tf.Tensor4D,
  shape: ConvShape,
  mode: Mode,
  activation: "relu" | "linear",
): tf.Tensor4D {
  const kernel = parameter<tf.Tensor4D>(params, `${names.conv}.weight`);
  let y: tf.Tensor4D;
  if (mode !== "infer") y = batchNorm(params, [names.norm], conv(x, kernel, shape), mode);
  else if (hasInferredNorm()) y = inferredNorm(params, names.norm, conv(x, kernel, shape));
  else {
    const { scale, shift } = foldedNorm(params, [names.norm]);
    const scaled = kernel.size < x.size
      ? conv(x, kernel.mul(scale), shape) // (kh, kw, C, C') times (C')
      : conv(x, kernel, shape).mul<tf.Tensor4D>(scale); // (n, h', w', C') times (C')
    y = addBias(scaled, shift);
  }
  return activation === "relu" ? tf.relu(y) : y;
}
