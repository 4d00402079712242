import * as tf from "@tensorflow/tfjs";
import type { TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { heapOf } from "./_heap.ts";
import { part } from "./_slice.ts";

/** Parts of a tensor one after the other along an axis. */
export function splitV(
  { x }: { x: TensorInfo },
  { numOrSizeSplits, axis }: { numOrSizeSplits: number | number[]; axis: number },
  backend: BackendWasm,
): TensorInfo[] {
  const along = tf.util.parseAxisParam(axis, x.shape)[0] as number;
  const sizes = tf.backend_util.prepareSplitSize(x as tf.Tensor, numOrSizeSplits, along);
  const begin = x.shape.map(() => 0);
  return sizes.map((count) => {
    const size = x.shape.map((all, i) => i === along ? count : all);
    const piece = part(x, begin, size, heapOf(backend));
    begin[along]! += count;
    return piece;
  });
}
