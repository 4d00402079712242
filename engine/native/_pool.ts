import * as tf from "@tensorflow/tfjs";
import type { Kernel } from "./_kernels.ts";
import type { NativeBackend, OpAttribute } from "./_load_backend.ts";
import { hasOperation, maxPoolGradient } from "./_operations.ts";
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

/**
 * Its gradient: goes to the first of equal maxima of a window. By our own operation (max_pool_gradient.cc) where the binding has it: the same bits,
 * several times as fast.
 */
export function maxPoolGradKernel(backend: NativeBackend): Kernel {
  const own = !backend.isUsingGpuDevice && hasOperation(backend, maxPoolGradient);
  return (
    { dy, input, output }: { dy: tf.TensorInfo; input: tf.TensorInfo; output: tf.TensorInfo },
    attrs: Attributes,
  ) => {
    if (!own) {
      const of = attributes(input.shape, attrs, backend);
      return backend.executeSingleOutput("MaxPoolGrad", of, [input, output, dy]);
    }
    const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = windowsOf(input.shape, attrs);
    const value = [filterHeight, filterWidth, strideHeight, strideWidth, padInfo.top, padInfo.left];
    const window = { name: "window", type: backend.binding.TF_ATTR_INT, value };
    return backend.executeSingleOutput(maxPoolGradient, [window], [input, dy]);
  };
}

function windowsOf(
  shape: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: Attributes,
): ReturnType<typeof tf.backend_util.computePool2DInfo> {
  return tf.backend_util.computePool2DInfo(shape as never, filterSize, strides, 1, pad, dimRoundingMode);
}

function attributes(shape: readonly number[], attrs: Attributes, backend: NativeBackend): OpAttribute[] {
  const windows = windowsOf(shape, attrs);
  const value = [1, windows.filterHeight, windows.filterWidth, 1];
  return [
    ...windowAttributes(backend, windows),
    { name: "ksize", type: backend.binding.TF_ATTR_INT, value },
  ];
}
