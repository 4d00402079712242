import * as tf from "@tensorflow/tfjs";
import type { TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { columnsOf, placeVector, sums, sumsBytes } from "./_columns.ts";
import { heapOf } from "./_heap.ts";
import type { Package } from "./_kernels.ts";

interface ReductionAttrs {
  axis: number | number[];
  keepDims: boolean;
}

/** The sum over neighbouring axes that are not the last, as sums of columns; the rest is left to the package. */
export function sum(
  inputs: { x: TensorInfo },
  attrs: ReductionAttrs,
  backend: BackendWasm,
  packaged: Package,
): TensorInfo {
  return overRows(inputs.x, attrs, backend, () => 1) ?? packaged({ ...inputs }, { ...attrs });
}

/** The mean, likewise. */
export function mean(
  inputs: { x: TensorInfo },
  attrs: ReductionAttrs,
  backend: BackendWasm,
  packaged: Package,
): TensorInfo {
  return overRows(inputs.x, attrs, backend, (rows) => rows) ?? packaged({ ...inputs }, { ...attrs });
}

/** Sums over rows, divided by `divisor`; undefined where the axes are not rows of a float matrix. */
function overRows(
  x: TensorInfo,
  { axis, keepDims }: ReductionAttrs,
  backend: BackendWasm,
  divisor: (rows: number) => number,
): TensorInfo | undefined {
  const { shape } = x;
  const axes = tf.util.parseAxisParam(axis, shape).filter((a) => shape[a] !== 1).sort((a, b) => a - b);
  const first = axes[0], last = axes.at(-1);
  if (x.dtype !== "float32" || first === undefined || last === undefined) return undefined;
  const inner = tf.util.sizeFromShape(shape.slice(last + 1));
  const between = shape.slice(first, last + 1).filter((count) => count !== 1);
  if (inner === 1 || axes.length !== between.length) return undefined;
  const rows = tf.util.sizeFromShape(between);
  const outer = tf.util.sizeFromShape(shape.slice(0, first));
  const reduced = new Set(tf.util.parseAxisParam(axis, shape));
  const heap = heapOf(backend);
  const result = heap.output(
    keepDims ? shape.map((count, i) => reduced.has(i) ? 1 : count) : shape.filter((_, i) => !reduced.has(i)),
  );
  const columns = columnsOf(rows, inner);
  const { zeros, partial } = heap.scratch({ zeros: columns.width * 4, partial: sumsBytes(columns) });
  placeVector(heap, zeros, columns, new Float64Array(inner));
  const values = heap.floats(result);
  const by = divisor(rows);
  for (let i = 0; i < outer; i++) {
    const at = heap.address(x) + i * rows * inner * 4;
    const { sum } = sums(heap, columns, [at, zeros, at, zeros], partial);
    for (let k = 0; k < inner; k++) values[i * inner + k] = sum[k]! / by;
  }
  return result;
}
