import { type TensorInfo, util } from "@tensorflow/tfjs";
import type { Heap } from "./_heap.ts";

/** One axis of a copy: how many, and the steps in bytes on either side. */
export interface Axis {
  readonly count: number;
  readonly to: number;
  readonly from: number;
}

/** Bytes of an element. */
export function elementBytes({ dtype }: TensorInfo): number {
  return util.bytesPerElement(dtype);
}

/** Distances between neighbours along each axis, in bytes, of a tensor in row-major order. */
export function stridesOf(shape: readonly number[], bytes: number): number[] {
  const strides = shape.map(() => bytes);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1]! * shape[i + 1]!;
  return strides;
}

/** Copies elements along axes (outermost first) in runs that are as long as both sides lie without gaps. */
export function copyElements(
  heap: Heap,
  to: number,
  from: number,
  axes: readonly Axis[],
  element: number,
): void {
  const outer = axes.filter(({ count }) => count !== 1);
  if (outer.some(({ count }) => count === 0)) return;
  let run = element;
  for (let last = outer.at(-1); last?.to === run && last.from === run; last = outer.at(-1)) {
    run *= last.count;
    outer.pop();
  }
  const row = outer.pop() ?? { count: 1, to: 0, from: 0 };
  const image = outer.pop() ?? { count: 1, to: 0, from: 0 };
  const visit = (depth: number, to: number, from: number): void => {
    const axis = outer[depth];
    if (axis === undefined) {
      heap.call("copyRows", to, from, image.count, row.count, run, image.to, row.to, image.from, row.from);
      return;
    }
    for (let i = 0; i < axis.count; i++) visit(depth + 1, to + i * axis.to, from + i * axis.from);
  };
  visit(0, to, from);
}
