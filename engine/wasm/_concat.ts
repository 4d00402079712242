import * as tf from "@tensorflow/tfjs";
import type { TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { elementBytes } from "./_copy_elements.ts";
import { heapOf } from "./_heap.ts";

/** Tensors joined along an axis. */
export function concat(
  inputs: Record<string, TensorInfo>,
  { axis }: { axis: number },
  backend: BackendWasm,
): TensorInfo {
  const tensors = Object.values(inputs);
  const shapes = tensors.map(({ shape }) => shape);
  const along = tf.util.parseAxisParam(axis, shapes[0] as number[])[0] as number;
  tf.backend_util.assertParamsConsistent(shapes, along);
  const heap = heapOf(backend);
  const first = tensors[0] as TensorInfo;
  const result = heap.output(tf.backend_util.computeOutShape(shapes, along), first.dtype);
  const element = elementBytes(first);
  const outer = tf.util.sizeFromShape(result.shape.slice(0, along));
  const whole = tf.util.sizeFromShape(result.shape.slice(along)) * element;
  let to = heap.address(result);
  for (const tensor of tensors) {
    const run = tf.util.sizeFromShape(tensor.shape.slice(along)) * element;
    if (run > 0) heap.call("copyRows", to, heap.address(tensor), 1, outer, run, 0, whole, 0, run);
    to += run;
  }
  return result;
}
