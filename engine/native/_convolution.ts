import * as tf from "@tensorflow/tfjs";
import type { NativeBackend } from "./_load_backend.ts";
import {
  borders,
  type ConvolutionAttributes,
  convolutionAttributes,
  convolutionWindows,
  isNamed,
  unpadded,
  type Windows,
  withVector,
} from "./_windows.ts";

type Packaged = (inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap) => tf.TensorInfo;

/** A convolution with any padding; channels first go the package's way. */
export function conv2D(
  inputs: { x: tf.TensorInfo; filter: tf.TensorInfo },
  attrs: ConvolutionAttributes,
  backend: NativeBackend,
  packaged: Packaged,
): tf.TensorInfo {
  if (attrs.dataFormat === "NCHW") return packaged(inputs, attrs);
  const windows = convolutionWindows(inputs.x.shape, inputs.filter.shape, attrs);
  return backend.executeSingleOutput("Conv2D", convolutionAttributes(backend, windows), [
    inputs.x,
    inputs.filter,
  ]);
}

/**
 * Its gradient by the maps. Where the padding has no name and the filter is not small, by the maps as they would be padded, of which
 * the middle is taken.
 */
export function conv2DBackpropInput(
  inputs: { dy: tf.TensorInfo; filter: tf.TensorInfo },
  attrs: ConvolutionAttributes & { readonly inputShape: readonly [number, number, number, number] },
  backend: NativeBackend,
  packaged: Packaged,
): tf.TensorInfo {
  if (attrs.dataFormat === "NCHW") return packaged(inputs, attrs);
  const windows = convolutionWindows(attrs.inputShape, inputs.filter.shape, attrs);
  const gradient = (shape: readonly number[], windows: Windows) =>
    withVector(
      shape,
      (shape) =>
        backend.executeSingleOutput("Conv2DBackpropInput", convolutionAttributes(backend, windows), [
          shape as tf.TensorInfo,
          inputs.filter,
          inputs.dy,
        ]),
    );
  const small = (inputs.filter.shape[2] as number) * (inputs.filter.shape[3] as number) <= 4096;
  if (small || isNamed(windows)) return gradient(attrs.inputShape, windows);
  const border = borders(windows);
  const padded = attrs.inputShape.map((size, i) => size + border[i]![0] + border[i]![1]);
  return tf.tidy(() =>
    tf.slice(gradient(padded, unpadded(windows)), border.map(([before]) => before), [...attrs.inputShape])
  );
}

/**
 * Its gradient by the filter. Where the padding has no name, maps of few channels (a network's first layer) are padded before, so that
 * oneDNN takes them; with more channels padding costs more than it saves. A 1x1 filter with a stride reads every stride-th pixel: the input is thinned out first and the stride
 * is 1. oneDNN's own way for it writes beyond its buffer where the input has fewer channels than a vector (8 on AVX2): the
 * process crashes, or the gradient is wrong (uxlfoundation/oneDNN issue 6035).
 */
export function conv2DBackpropFilter(
  inputs: { x: tf.TensorInfo; dy: tf.TensorInfo },
  attrs: ConvolutionAttributes & { readonly filterShape: readonly [number, number, number, number] },
  backend: NativeBackend,
  packaged: Packaged,
): tf.TensorInfo {
  if (attrs.dataFormat === "NCHW") return packaged(inputs, attrs);
  const { filterShape } = attrs;
  const windows = convolutionWindows(inputs.x.shape, filterShape, attrs);
  const { strideHeight, strideWidth } = windows;
  const strided = strideHeight > 1 || strideWidth > 1;
  if (filterShape[0] === 1 && filterShape[1] === 1 && strided && windows.padInfo.type === "VALID") {
    return thinned(inputs, filterShape, [strideHeight, strideWidth], backend);
  }
  if (!isNamed(windows) && filterShape[2] <= 4) {
    return tf.tidy(() => {
      const x = tf.pad(inputs.x as tf.Tensor, borders(windows));
      return filterGradient({ x, dy: inputs.dy }, filterShape, unpadded(windows), backend);
    });
  }
  return filterGradient(inputs, filterShape, windows, backend);
}

function filterGradient(
  { x, dy }: { x: tf.TensorInfo; dy: tf.TensorInfo },
  filterShape: readonly number[],
  windows: Windows,
  backend: NativeBackend,
): tf.Tensor {
  return withVector(
    filterShape,
    (shape) =>
      backend.executeSingleOutput("Conv2DBackpropFilter", convolutionAttributes(backend, windows), [
        x,
        shape as tf.TensorInfo,
        dy,
      ]),
  );
}

function thinned(
  { x, dy }: { x: tf.TensorInfo; dy: tf.TensorInfo },
  [, , channels, filters]: readonly [number, number, number, number],
  [sh, sw]: readonly [number, number],
  backend: NativeBackend,
): tf.TensorInfo {
  const [n, h, w] = dy.shape as [number, number, number];
  return tf.tidy(() => {
    const thin = thinnedOut(x as tf.Tensor4D, [n, h, w, channels], [sh, sw], backend);
    const rows = n * h * w;
    const [a, b] = [thin.reshape([rows, channels]), (dy as tf.Tensor).reshape([rows, filters])]; // kernels do get tensors
    return tf.matMul(a, b, true).reshape([1, 1, channels, filters]);
  });
}

/**
 * Every sh-th row and sw-th column, as many as `shape` says. Where the strides divide the sizes, they are the first of each group: cutting those out is
 * several times as fast as TensorFlow's way with strides, which reckons where each single value lies.
 */
function thinnedOut(
  x: tf.Tensor4D,
  shape: readonly [number, number, number, number],
  [sh, sw]: readonly [number, number],
  backend: NativeBackend,
): tf.Tensor {
  const [n, h, w, channels] = shape;
  if (x.shape[1] !== h * sh || x.shape[2] !== w * sw) return every(x, shape, [1, sh, sw, 1], backend);
  const groups = x.reshape([n * h, sh, w, sw * channels]); // (n, h sh, w sw, C)
  return tf.slice(groups, [0, 0, 0, 0], [n * h, 1, w, channels]);
}

/** The values at 0, s, 2s, ... of each axis, as many as `shape` says. */
function every(
  x: tf.TensorInfo,
  shape: readonly number[],
  strides: readonly number[],
  backend: NativeBackend,
): tf.Tensor {
  const { binding } = backend;
  const end = shape.map((size, i) => (size - 1) * (strides[i] as number) + 1);
  const bounds = [shape.map(() => 0), end, strides].map((list) => tf.tensor1d([...list], "int32"));
  const attributes = [
    { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: "Index", type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 },
    ...["begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask"]
      .map((name) => ({ name, type: binding.TF_ATTR_INT, value: 0 })),
  ];
  return backend.executeSingleOutput("StridedSlice", attributes, [x, ...bounds]);
}
