import * as tf from "@tensorflow/tfjs";
import type { TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { copyElements, elementBytes, stridesOf } from "./_copy_elements.ts";
import { heapOf } from "./_heap.ts";

/** Every so-many-th element. */
export function stridedSlice(
  inputs: { x: TensorInfo },
  attrs:
    & { begin: number[]; end: number[]; strides: number[] }
    & Record<
      "beginMask" | "endMask" | "ellipsisMask" | "newAxisMask" | "shrinkAxisMask",
      number
    >,
  backend: BackendWasm,
): TensorInfo {
  const { x } = inputs;
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attrs;
  const info = tf.slice_util.sliceInfo(
    x.shape,
    begin,
    end,
    strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  );
  const heap = heapOf(backend);
  const counts = tf.slice_util.computeOutShape(info.begin, info.end, info.strides);
  const result = heap.output(counts, x.dtype);
  const element = elementBytes(x);
  const [to, from] = [stridesOf(counts, element), stridesOf(x.shape, element)];
  const start = info.begin.reduce((sum, b, i) => sum + b * from[i]!, heap.address(x));
  const axes = counts.map((count, i) => ({ count, to: to[i]!, from: from[i]! * info.strides[i]! }));
  copyElements(heap, heap.address(result), start, axes, element);
  return { ...result, shape: info.finalShape };
}
