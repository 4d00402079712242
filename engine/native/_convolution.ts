import * as tf from "@tensorflow/tfjs";
import {
  filterGradientByProducts,
  inputGradientByConvolution,
  inputGradientByProducts,
  inputGradientWay,
} from "./_convolution_by_products.ts";
import type { NativeBackend } from "./_load_backend.ts";
import {
  type ConvolutionAttributes,
  convolutionAttributes,
  convolutionWindows,
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

/** Its gradient by the maps. */
export function conv2DBackpropInput(
  inputs: { dy: tf.TensorInfo; filter: tf.TensorInfo },
  attrs: ConvolutionAttributes & { readonly inputShape: readonly [number, number, number, number] },
  backend: NativeBackend,
  packaged: Packaged,
): tf.TensorInfo {
  if (attrs.dataFormat === "NCHW") return packaged(inputs, attrs);
  const windows = convolutionWindows(attrs.inputShape, inputs.filter.shape, attrs);
  const way = inputGradientWay(attrs.inputShape, inputs.filter.shape, windows);
  if (way !== "own") {
    const gradient = way === "products" ? inputGradientByProducts : inputGradientByConvolution;
    return tf.tidy(() =>
      gradient(inputs.dy as tf.Tensor4D, inputs.filter as tf.Tensor4D, attrs.inputShape, windows)
    );
  }
  return withVector(
    attrs.inputShape,
    (shape) =>
      backend.executeSingleOutput("Conv2DBackpropInput", convolutionAttributes(backend, windows), [
        shape as tf.TensorInfo,
        inputs.filter,
        inputs.dy,
      ]),
  );
}

/**
 * Its gradient by the filter. A 1x1 filter with a stride reads every stride-th pixel: the input is thinned out first and the stride
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
  const { strideHeight, strideWidth, padInfo: { top, bottom, left, right } } = windows;
  const strided = strideHeight > 1 || strideWidth > 1;
  if (filterShape[0] === 1 && filterShape[1] === 1 && strided && top + bottom + left + right === 0) {
    return thinned(inputs, filterShape, [strideHeight, strideWidth], backend);
  }
  // Few pixels and many weights: 23 against 13 ms for 36 maps of 2x2x512.
  const few = (inputs.x.shape[1] as number) * (inputs.x.shape[2] as number) <= 4;
  if (
    few && filterShape[2] * filterShape[3] >= 131072 && windows.dilationHeight * windows.dilationWidth === 1
  ) {
    return tf.tidy(() =>
      filterGradientByProducts(inputs.x as tf.Tensor4D, inputs.dy as tf.Tensor4D, filterShape, windows)
    );
  }
  return withVector(
    filterShape,
    (shape) =>
      backend.executeSingleOutput("Conv2DBackpropFilter", convolutionAttributes(backend, windows), [
        inputs.x,
        shape as tf.TensorInfo,
        inputs.dy,
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
    const thin = every(x, [n, h, w, channels], [1, sh, sw, 1], backend);
    const rows = n * h * w;
    const [a, b] = [thin.reshape([rows, channels]), (dy as tf.Tensor).reshape([rows, filters])]; // kernels do get tensors
    return tf.matMul(a, b, true).reshape([1, 1, channels, filters]);
  });
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
