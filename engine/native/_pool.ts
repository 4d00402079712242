import * as tf from "@tensorflow/tfjs";
import type { NativeBackend, OpAttribute } from "./_load_backend.ts";
import { windowAttributes } from "./_windows.ts";

type Attributes = {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
};

/** Max-pooling with any padding, which never wins. */
export function maxPool(
  inputs: { x: tf.TensorInfo },
  attrs: Attributes,
  backend: NativeBackend,
): tf.TensorInfo {
  return backend.executeSingleOutput("MaxPool", attributes(inputs.x.shape, attrs, backend), [inputs.x]);
}

/** Its gradient: goes to the first of equal maxima of a window. */
export function maxPoolGrad(
  { dy, input, output }: { dy: tf.TensorInfo; input: tf.TensorInfo; output: tf.TensorInfo },
  attrs: Attributes,
  backend: NativeBackend,
): tf.TensorInfo {
  return backend.executeSingleOutput("MaxPoolGrad", attributes(input.shape, attrs, backend), [
    input,
    output,
    dy,
  ]);
}

function attributes(shape: readonly number[], attrs: Attributes, backend: NativeBackend): OpAttribute[] {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  const windows = tf.backend_util.computePool2DInfo(
    shape as never,
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const value = [1, windows.filterHeight, windows.filterWidth, 1];
  return [
    ...windowAttributes(backend, windows),
    { name: "ksize", type: backend.binding.TF_ATTR_INT, value },
  ];
}
