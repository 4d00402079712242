import * as tf from "@tensorflow/tfjs";
import type { TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { type Heap, heapOf } from "./_heap.ts";

const { slice_util: sliceUtil, util } = tf;

/** The package's own kernel for what ours leaves to it. */
type Package = (inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap) => TensorInfo;

/** One axis of a copy: how many, and the steps in bytes on either side. */
interface Axis {
  readonly count: number;
  readonly to: number;
  readonly from: number;
}

/** Bytes of an element. */
function elementBytes({ dtype }: TensorInfo): number {
  return util.bytesPerElement(dtype);
}

/** Distances between neighbours along each axis, in bytes, of a tensor in row-major order. */
function stridesOf(shape: readonly number[], bytes: number): number[] {
  const strides = shape.map(() => bytes);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1]! * shape[i + 1]!;
  return strides;
}

/** Copies elements along axes (outermost first) in runs that are as long as both sides lie without gaps. */
function copy(heap: Heap, to: number, from: number, axes: readonly Axis[], element: number): void {
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

/** The same values in another tensor: shared, not copied. The package copies, for every tensor that a gradient saves. */
export function identity({ x }: { x: TensorInfo }, _: unknown, backend: BackendWasm): TensorInfo {
  backend.incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
}

/** Part of a tensor: `size` elements from `begin` on along each axis. */
function part(x: TensorInfo, begin: readonly number[], size: readonly number[], heap: Heap): TensorInfo {
  const result = heap.output(size, x.dtype);
  const element = elementBytes(x);
  const [to, from] = [stridesOf(size, element), stridesOf(x.shape, element)];
  const start = begin.reduce((sum, b, i) => sum + b * from[i]!, heap.address(x));
  copy(
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
  const [from, count] = sliceUtil.parseSliceParams(x, begin, size);
  return part(x, from!, count!, heapOf(backend));
}

/** Parts of a tensor one after the other along an axis. */
export function splitV(
  { x }: { x: TensorInfo },
  { numOrSizeSplits, axis }: { numOrSizeSplits: number | number[]; axis: number },
  backend: BackendWasm,
): TensorInfo[] {
  const along = util.parseAxisParam(axis, x.shape)[0] as number;
  const sizes = tf.backend_util.prepareSplitSize(x as tf.Tensor, numOrSizeSplits, along);
  const begin = x.shape.map(() => 0);
  return sizes.map((count) => {
    const size = x.shape.map((all, i) => i === along ? count : all);
    const piece = part(x, begin, size, heapOf(backend));
    begin[along]! += count;
    return piece;
  });
}

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
  const info = sliceUtil.sliceInfo(
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
  const counts = sliceUtil.computeOutShape(info.begin, info.end, info.strides);
  const result = heap.output(counts, x.dtype);
  const element = elementBytes(x);
  const [to, from] = [stridesOf(counts, element), stridesOf(x.shape, element)];
  const start = info.begin.reduce((sum, b, i) => sum + b * from[i]!, heap.address(x));
  const axes = counts.map((count, i) => ({ count, to: to[i]!, from: from[i]! * info.strides[i]! }));
  copy(heap, heap.address(result), start, axes, element);
  return { ...result, shape: info.finalShape };
}

/** Tensors joined along an axis. */
export function concat(
  inputs: Record<string, TensorInfo>,
  { axis }: { axis: number },
  backend: BackendWasm,
): TensorInfo {
  const tensors = Object.values(inputs);
  const shapes = tensors.map(({ shape }) => shape);
  const along = util.parseAxisParam(axis, shapes[0] as number[])[0] as number;
  tf.backend_util.assertParamsConsistent(shapes, along);
  const heap = heapOf(backend);
  const first = tensors[0] as TensorInfo;
  const result = heap.output(tf.backend_util.computeOutShape(shapes, along), first.dtype);
  const element = elementBytes(first);
  const outer = util.sizeFromShape(result.shape.slice(0, along));
  const whole = util.sizeFromShape(result.shape.slice(along)) * element;
  let to = heap.address(result);
  for (const tensor of tensors) {
    const run = util.sizeFromShape(tensor.shape.slice(along)) * element;
    if (run > 0) heap.call("copyRows", to, heap.address(tensor), 1, outer, run, 0, whole, 0, run);
    to += run;
  }
  return result;
}

/** A tensor repeated along its axes. */
export function tile(
  { x }: { x: TensorInfo },
  { reps }: { reps: number[] },
  backend: BackendWasm,
): TensorInfo {
  const heap = heapOf(backend);
  const shape = x.shape.map((count, i) => count * reps[i]!);
  const result = heap.output(shape, x.dtype);
  const element = elementBytes(x);
  const [to, from] = [stridesOf(shape, element), stridesOf(x.shape, element)];
  const axes = x.shape.flatMap((count, i): Axis[] => [
    { count: reps[i]!, to: to[i]! * count, from: 0 },
    { count, to: to[i]!, from: from[i]! },
  ]);
  copy(heap, heap.address(result), heap.address(x), axes, element);
  return result;
}

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
  const axis = util.parseAxisParam(attrs.axis, x.shape)[0] as number;
  const count = x.shape[axis] as number;
  const result = heap.output(
    [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)],
    x.dtype,
  );
  const outer = util.sizeFromShape(x.shape.slice(0, axis));
  const run = util.sizeFromShape(x.shape.slice(axis + 1)) * elementBytes(x);
  const wanted = heap.integers(heap.address(indices), util.sizeFromShape(indices.shape));
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
