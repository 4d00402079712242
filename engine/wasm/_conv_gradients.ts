import * as tf from "@tensorflow/tfjs";
import type { TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { floats, free, output } from "./_backend.ts";

/** The attributes of tfjs's two gradient kernels of a convolution; its gradients know no dilation. */
interface GradientAttrs {
  strides: number | [number, number];
  pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  dataFormat: "NHWC" | "NCHW";
  dimRoundingMode?: "floor" | "round" | "ceil";
}

function convInfo(shape: number[], filterShape: number[], attrs: GradientAttrs): tf.backend_util.Conv2DInfo {
  if (attrs.dataFormat !== "NHWC") {
    throw new Error(
      `Cannot take gradient of convolution: the wasm engine knows NHWC only, not ${attrs.dataFormat}`,
    );
  }
  return tf.backend_util.computeConv2DInfo(
    shape as [number, number, number, number],
    filterShape as [number, number, number, number],
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
}

const packageConv2D = tf.getKernel(tf.Conv2D, "wasm");

/**
 * The package's convolution with the padding "same" made explicit: left to XNNPACK, a 1x3 image with a 2x2 filter
 * and stride (1, 3) gives 0.
 */
export function conv2D(
  inputs: { x: TensorInfo; filter: TensorInfo },
  attrs: GradientAttrs & { dilations: number | [number, number] },
  backend: BackendWasm,
): TensorInfo {
  const { padInfo: { top, bottom, left, right } } = tf.backend_util.computeConv2DInfo(
    inputs.x.shape as [number, number, number, number],
    inputs.filter.shape as [number, number, number, number],
    attrs.strides,
    attrs.dilations,
    attrs.pad,
    attrs.dimRoundingMode,
  );
  const pad: tf.backend_util.ExplicitPadding = [[0, 0], [top, bottom], [left, right], [0, 0]];
  return packageConv2D.kernelFunc({
    inputs: { ...inputs },
    attrs: { ...attrs, pad } as unknown as tf.NamedAttrMap,
    backend,
  }) as TensorInfo;
}

function conv(
  backend: BackendWasm,
  x: TensorInfo,
  filter: TensorInfo,
  dilations: [number, number],
): TensorInfo {
  return packageConv2D.kernelFunc({
    inputs: { x, filter },
    attrs: { strides: [1, 1], pad: "valid", dataFormat: "NHWC", dilations },
    backend,
  }) as TensorInfo;
}

/**
 * d loss / d filter as a convolution, valid and with the stride as dilation, of x, padded and turned to (C, h, w, n), with dy, turned to
 * (oh, ow, n, D): every element is a sum over batch and positions.
 */
export function conv2DBackpropFilter(
  { x, dy }: { x: TensorInfo; dy: TensorInfo },
  attrs: GradientAttrs & { filterShape: number[] },
  backend: BackendWasm,
): TensorInfo {
  const info = convInfo(x.shape, attrs.filterShape, attrs);
  const {
    batchSize: n,
    inHeight: h,
    inWidth: w,
    inChannels: c,
    outHeight: oh,
    outWidth: ow,
    outChannels: d,
  } = info;
  const { filterHeight: kh, filterWidth: kw, strideHeight: sh, strideWidth: sw, padInfo: { top, left } } =
    info;
  // What the windows see: rows beyond are cut off, missing ones are zeros.
  const seenH = (oh - 1) * sh + kh, seenW = (ow - 1) * sw + kw;
  const image = output(backend, [c, seenH, seenW, n]);
  const filter = output(backend, [oh, ow, n, d]);
  const [from, to] = [floats(backend, x), floats(backend, image).fill(0)];
  for (let b = 0; b < n; b++) {
    for (let i = Math.max(0, top); i < Math.min(seenH, h + top); i++) {
      for (let j = Math.max(0, left); j < Math.min(seenW, w + left); j++) {
        const at = ((b * h + i - top) * w + j - left) * c;
        for (let k = 0; k < c; k++) to[((k * seenH + i) * seenW + j) * n + b] = from[at + k] as number;
      }
    }
  }
  const [dys, turned, size] = [floats(backend, dy), floats(backend, filter), oh * ow];
  for (let b = 0; b < n; b++) {
    for (let p = 0; p < size; p++) {
      const at = (b * size + p) * d;
      turned.set(dys.subarray(at, at + d), (p * n + b) * d);
    }
  }
  const sums = conv(backend, image, filter, [sh, sw]); // (C, kh, kw, D)
  const result = output(backend, [kh, kw, c, d]);
  const [a, z] = [floats(backend, sums), floats(backend, result)];
  for (let k = 0; k < c; k++) {
    for (let p = 0; p < kh * kw; p++) {
      const at = (k * kh * kw + p) * d;
      z.set(a.subarray(at, at + d), (p * c + k) * d);
    }
  }
  free(backend, image, filter, sums);
  return result;
}

/**
 * d loss / d x as a valid convolution of dy, spread out by the stride and padded, with the filter, flipped and with its channels swapped.
 */
export function conv2DBackpropInput(
  { dy, filter }: { dy: TensorInfo; filter: TensorInfo },
  attrs: GradientAttrs & { inputShape: number[] },
  backend: BackendWasm,
): TensorInfo {
  const info = convInfo(attrs.inputShape, filter.shape, attrs);
  const {
    batchSize: n,
    inHeight: h,
    inWidth: w,
    inChannels: c,
    outHeight: oh,
    outWidth: ow,
    outChannels: d,
  } = info;
  const { filterHeight: kh, filterWidth: kw, strideHeight: sh, strideWidth: sw, padInfo: { top, left } } =
    info;
  const spread = output(backend, [n, h + kh - 1, w + kw - 1, d]);
  const flipped = output(backend, [kh, kw, d, c]);
  const [dys, to] = [floats(backend, dy), floats(backend, spread).fill(0)];
  for (let b = 0; b < n; b++) {
    for (let i = 0; i < oh; i++) {
      const row = i * sh + kh - 1 - top;
      if (row < 0 || row >= h + kh - 1) continue;
      for (let j = 0; j < ow; j++) {
        const column = j * sw + kw - 1 - left;
        if (column < 0 || column >= w + kw - 1) continue;
        const at = ((b * oh + i) * ow + j) * d;
        to.set(dys.subarray(at, at + d), ((b * (h + kh - 1) + row) * (w + kw - 1) + column) * d);
      }
    }
  }
  const [a, z] = [floats(backend, filter), floats(backend, flipped)];
  for (let p = 0; p < kh * kw; p++) {
    const q = kh * kw - 1 - p;
    for (let k = 0; k < c; k++) {
      for (let m = 0; m < d; m++) z[(q * d + m) * c + k] = a[(p * c + k) * d + m] as number;
    }
  }
  const result = conv(backend, spread, flipped, [1, 1]);
  free(backend, spread, flipped);
  return result;
}
