import * as tf from "@tensorflow/tfjs";
import type { NativeBackend } from "./_load_backend.ts";

type Attributes = tf.NamedAttrMap & {
  readonly strides: number | readonly [number, number];
  readonly filterShape: readonly [number, number, number, number];
};

/**
 * The gradient of a convolution by its filter. A 1x1 filter with a stride reads every stride-th pixel: the input is thinned
 * out first and the stride is 1. oneDNN's own way for it writes beyond its buffer where the input has fewer channels than
 * a vector (8 on AVX2): the process crashes, or the gradient is wrong (uxlfoundation/oneDNN issue 6035).
 */
export function conv2DBackpropFilter(
  inputs: { x: tf.TensorInfo; dy: tf.TensorInfo },
  attrs: Attributes,
  backend: NativeBackend,
  packaged: (inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap) => tf.TensorInfo,
): tf.TensorInfo {
  const [fh, fw, channels, filters] = attrs.filterShape;
  const [sh, sw] = typeof attrs.strides === "number" ? [attrs.strides, attrs.strides] : attrs.strides;
  if (fh !== 1 || fw !== 1 || (sh === 1 && sw === 1)) return packaged(inputs, attrs);
  const [n, h, w] = inputs.dy.shape as [number, number, number];
  return tf.tidy(() => {
    const thin = every(inputs.x, [n, h, w, channels], [1, sh, sw, 1], backend);
    const rows = n * h * w;
    const [a, b] = [thin.reshape([rows, channels]), asTensor(inputs.dy).reshape([rows, filters])];
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

/** A kernel gets tensors, though its type says less. */
function asTensor(info: tf.TensorInfo): tf.Tensor {
  return info as tf.Tensor;
}
