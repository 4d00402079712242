import * as tf from "@tensorflow/tfjs";
import type { TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { type Heap, heapOf } from "./_heap.ts";
import { panelColumns, tileRows } from "./_routines/convolve.ts";
import { floatBytes, roundUp } from "./_windows.ts";

/**
 * Matrix products, any of the two transposed, over batches that broadcast. Unlike the package's, it keeps no packed copy
 * of the second factor, and is as fast with transposed factors as without.
 */
export function batchMatMul(
  { a, b }: { a: TensorInfo; b: TensorInfo },
  { transposeA, transposeB }: { transposeA: boolean; transposeB: boolean },
  backend: BackendWasm,
): TensorInfo {
  const heap = heapOf(backend);
  const [rowsA, columnsA] = a.shape.slice(-2) as [number, number];
  const [rowsB, columnsB] = b.shape.slice(-2) as [number, number];
  const [m, depth] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const [depthB, n] = transposeB ? [columnsB, rowsB] : [rowsB, columnsB];
  if (depth !== depthB) {
    throw new RangeError(
      `Cannot multiply matrices: inner sizes must agree, current ones are ${depth} and ${depthB} of [${a.shape}] ` +
        `and [${b.shape}]`,
    );
  }
  const batches = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const result = heap.output([...batches, m, n]);
  const count = tf.util.sizeFromShape(batches);
  const of = (shape: number[]) => batchIndices(shape.slice(0, -2), batches);
  const [inA, inB] = [of(a.shape), of(b.shape)];
  const product: Product = { m, n, depth, transposeA, transposeB };
  for (let i = 0; i < count; i++) {
    multiply(heap, product, {
      a: heap.address(a) + inA(i) * m * depth * floatBytes,
      b: heap.address(b) + inB(i) * depth * n * floatBytes,
      to: heap.address(result) + i * m * n * floatBytes,
    });
  }
  return result;
}

interface Product {
  readonly m: number;
  readonly n: number;
  readonly depth: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

function multiply(heap: Heap, product: Product, { a, b, to }: Record<"a" | "b" | "to", number>): void {
  const { m, n, depth, transposeA, transposeB } = product;
  const columns = roundUp(n, panelColumns);
  const narrow = columns !== n;
  const panelStride = depth * panelColumns * floatBytes;
  const listed = roundUp(transposeA ? depth : m, tileRows);
  const { rows, outs, packed, spill, wide } = heap.scratch({
    rows: listed * floatBytes,
    outs: listed * floatBytes,
    packed: depth * columns * floatBytes,
    spill: columns * floatBytes,
    wide: narrow ? m * columns * floatBytes : 0,
  });
  if (!transposeB) heap.call("pack", packed, b, depth, n);
  else {
    if (narrow) heap.clear(packed, depth * columns * floatBytes);
    heap.call("packTransposed", packed, b, depth, n, panelStride);
  }
  const target = narrow ? wide : to;
  const list = (at: number, count: number, first: number, stride: number, filler: number) => {
    heap.call("addresses", at, first, 1, 1, count, 0, 0, stride * floatBytes);
    heap.integers(at + count * floatBytes, listed - count).fill(filler);
  };
  if (transposeA) {
    list(rows, depth, a, m, a);
    heap.clear(target, m * columns * floatBytes);
    heap.call("correlate", rows, packed, panelStride, depth, columns, 1, m, 0, target);
  } else {
    list(rows, m, a, depth, a);
    list(outs, m, target, columns, spill);
    heap.call("convolve", rows, outs, listed / tileRows, packed, columns / panelColumns, 1, 0, depth);
  }
  if (narrow) {
    heap.call("copyRows", to, wide, 1, m, n * floatBytes, 0, n * floatBytes, 0, columns * floatBytes);
  }
}

/** For a batch of the result the one of a factor, whose axes of size 1 repeat. */
function batchIndices(shape: number[], batches: number[]): (batch: number) => number {
  const padded = [...batches.slice(shape.length).map(() => 1), ...shape];
  return (batch) => {
    let [index, stride] = [0, 1];
    for (let i = batches.length - 1; i >= 0; i--) {
      const at = batch % batches[i]!;
      batch = Math.floor(batch / batches[i]!);
      if (padded[i] !== 1) index += at * stride;
      stride *= padded[i]!;
    }
    return index;
  };
}
