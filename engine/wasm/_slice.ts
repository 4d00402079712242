import * as tf from "@tensorflow/tfjs";
import type { TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { copyElements, elementBytes, stridesOf } from "./_copy_elements.ts";
import { type Heap, heapOf } from "./_heap.ts";

/** Part of a tensor: `size` elements from `begin` on along each axis. */
export function part(
  x: TensorInfo,
  begin: readonly number[],
  size: readonly number[],
  heap: Heap,
): TensorInfo {
  const result = heap.output(size, x.dtype);
  const element = elementBytes(x);
  const [to, from] = [stridesOf(size, element), stridesOf(x.shape, element)];
  const start = begin.reduce((sum, b, i) => sum + b * from[i]!, heap.address(x));
  copyElements(
    heap,
    heap.address(result),
    start,
    size.map((count, i) => ({ count, to: to[i]!, from: from[i]! })),
    element,
  );
  return result;
}

/** Part of a tensor. The package copies the whole tensor first. */
export function slice(
  { x }: { x: TensorInfo },
  { begin, size }: { begin: number | number[]; size: number | number[] },
  backend: BackendWasm,
): TensorInfo {
  const [from, count] = tf.slice_util.parseSliceParams(x, begin, size);
  return part(x, from!, count!, heapOf(backend));
}
