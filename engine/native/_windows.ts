import * as tf from "@tensorflow/tfjs";
import type { NativeBackend, OpAttribute } from "./_load_backend.ts";

/** How a window of a convolution or a pooling moves over the map, as tfjs computes it. */
export interface Windows {
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  readonly padInfo: { readonly type: string; top: number; bottom: number; left: number; right: number };
}

/** TensorFlow's attributes for it. The package passes on only the paddings `valid` and `same`. */
export function windowAttributes({ binding }: NativeBackend, windows: Windows): OpAttribute[] {
  const { type, top, bottom, left, right } = windows.padInfo;
  const named = isNamed(windows);
  const attributes = [
    { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: "strides", type: binding.TF_ATTR_INT, value: [1, windows.strideHeight, windows.strideWidth, 1] },
    { name: "padding", type: binding.TF_ATTR_STRING, value: named ? type : "EXPLICIT" },
    { name: "data_format", type: binding.TF_ATTR_STRING, value: "NHWC" },
  ];
  if (!named) {
    const value = [0, 0, top, bottom, left, right, 0, 0];
    attributes.push({ name: "explicit_paddings", type: binding.TF_ATTR_INT, value });
  }
  return attributes;
}

/** The attributes that convolutions have beside them. */
export function convolutionAttributes(backend: NativeBackend, windows: Windows): OpAttribute[] {
  const { TF_ATTR_BOOL, TF_ATTR_INT } = backend.binding;
  return [
    ...windowAttributes(backend, windows),
    { name: "use_cudnn_on_gpu", type: TF_ATTR_BOOL, value: true },
    { name: "dilations", type: TF_ATTR_INT, value: [1, windows.dilationHeight, windows.dilationWidth, 1] },
  ];
}

/** What a kernel of a convolution is told. */
export type ConvolutionAttributes = tf.NamedAttrMap & {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number;
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
};

/**
 * The windows of a convolution of maps of shape `x` with filters of shape `filter`. Explicit padding that comes to what SAME or VALID
 * means is named so: TensorFlow gives gradients to oneDNN only with a named padding, and Eigen's are far slower (for a 3x3x512x512
 * filter by the maps 424 against 7 ms).
 */
export function convolutionWindows(
  x: readonly number[],
  filter: readonly number[],
  { strides, pad, dilations = 1, dimRoundingMode }: ConvolutionAttributes,
): Windows {
  const windows = tf.backend_util.computeConv2DInfo(
    x as never,
    filter as never,
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
  const { padInfo } = windows;
  if (padInfo.type !== "EXPLICIT" && padInfo.type !== "NUMBER") return windows;
  const { inHeight, inWidth, effectiveFilterHeight, effectiveFilterWidth, strideHeight, strideWidth } =
    windows;
  const [top, bottom] = samePadding(inHeight, effectiveFilterHeight, strideHeight);
  const [left, right] = samePadding(inWidth, effectiveFilterWidth, strideWidth);
  const is = (a: number, b: number, c: number, d: number) =>
    padInfo.top === a && padInfo.bottom === b && padInfo.left === c && padInfo.right === d;
  const type = is(0, 0, 0, 0) ? "VALID" : is(top, bottom, left, right) ? "SAME" : padInfo.type;
  return { ...windows, padInfo: { ...padInfo, type } };
}

/** TensorFlow's SAME on one axis: as many windows as strides, what is missing shared out, the odd one after. */
function samePadding(size: number, filter: number, stride: number): [before: number, after: number] {
  const missing = Math.max((Math.ceil(size / stride) - 1) * stride + filter - size, 0);
  return [missing >> 1, missing - (missing >> 1)];
}

/** Whether the padding has a name, which oneDNN's gradients need. */
export function isNamed({ padInfo: { type } }: Windows): boolean {
  return type === "VALID" || type === "SAME";
}

/** The same windows over maps that have been padded before. */
export function unpadded(windows: Windows): Windows {
  return { ...windows, padInfo: { type: "VALID", top: 0, bottom: 0, left: 0, right: 0 } };
}

/** The padding of each axis of (n, h, w, C). */
export function borders({ padInfo: { top, bottom, left, right } }: Windows): [number, number][] {
  return [[0, 0], [top, bottom], [left, right], [0, 0]];
}

/** A small int32 vector for as long as `f` runs. */
export function withVector<Result>(values: readonly number[], f: (vector: tf.Tensor) => Result): Result {
  const vector = tf.tensor1d([...values], "int32");
  try {
    return f(vector);
  } finally {
    vector.dispose();
  }
}
