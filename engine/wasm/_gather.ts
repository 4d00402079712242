import * as tf from "@tensorflow/tfjs";
import type { TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { elementBytes } from "./_copy_elements.ts";
import { heapOf } from "./_heap.ts";
import type { Package } from "./_kernels.ts";

/** The elements of an axis by index, in any order and repeatedly. */
export function gather(
  inputs: { x: TensorInfo; indices: TensorInfo },
  attrs: { axis: number; batchDims: number },
  backend: BackendWasm,
  packaged: Package,
): TensorInfo {
  const { x, indices } = inputs;
  if (attrs.batchDims !== 0 || indices.dtype !== "int32") return packaged({ ...inputs }, { ...attrs });
  const heap = heapOf(backend);
  const axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0] as number;
  const count = x.shape[axis] as number;
  const result = heap.output(
    [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)],
    x.dtype,
  );
  const outer = tf.util.sizeFromShape(x.shape.slice(0, axis));
  const run = tf.util.sizeFromShape(x.shape.slice(axis + 1)) * elementBytes(x);
  const wanted = heap.integers(heap.address(indices), tf.util.sizeFromShape(indices.shape));
  const [to, from] = [heap.address(result), heap.address(x)];
  wanted.forEach((index, i) => {
    if (index < 0 || index >= count) {
      throw new RangeError(`Cannot gather: an index must be in 0..${count - 1}, current value is ${index}`);
    }
    heap.call(
      "copyRows",
      to + i * run,
      from + index * run,
      1,
      outer,
      run,
      0,
      wanted.length * run,
      0,
      count * run,
    );
  });
  return result;
}
