import * as tf from "@tensorflow/tfjs";
import type { TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { type Heap, heapOf } from "./_heap.ts";
import { panelColumns, tileRows } from "./_matrix_routines.ts";

/** The attributes of tfjs's convolution and its gradients, which know no dilation. */
export interface ConvAttrs {
  strides: number | [number, number];
  pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  dataFormat: "NHWC" | "NCHW";
  dilations?: number | [number, number];
  dimRoundingMode?: "floor" | "round" | "ceil";
}

type Shape = [number, number, number, number];

/** tfjs's own arithmetic of sizes and padding. */
export function convInfo(shape: number[], filter: number[], attrs: ConvAttrs): tf.backend_util.Conv2DInfo {
  if (attrs.dataFormat !== "NHWC") {
    throw new Error(
      `Cannot convolve: the wasm engine knows the data format NHWC only, not ${attrs.dataFormat}`,
    );
  }
  const { strides, dilations = 1, pad, dimRoundingMode } = attrs;
  return tf.backend_util.computeConv2DInfo(
    shape as Shape,
    filter as Shape,
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
}

/** What windows slide over: an image on the heap, padded, as rows of w * c floats. */
interface Image {
  readonly address: number;
  readonly h: number;
  readonly w: number;
  readonly c: number;
}

/** Part of an image: rows from `top` and columns from `left` on, both of which may lie outside, where zeros are. */
interface Frame {
  readonly top: number;
  readonly left: number;
  readonly h: number;
  readonly w: number;
}

const floatBytes = 4;

/** Whether a frame is the whole image, so that no copy is needed. */
function isWhole(frame: Frame, h: number, w: number): boolean {
  return frame.top === 0 && frame.left === 0 && frame.h === h && frame.w === w;
}

/** Copies the frame of n images to `to`. */
function framed(heap: Heap, to: number, images: Image, n: number, frame: Frame): Image {
  const { address, h, w, c } = images;
  heap.clear(to, n * frame.h * frame.w * c * floatBytes);
  const rows = Math.min(frame.top + frame.h, h) - Math.max(frame.top, 0);
  const columns = Math.min(frame.left + frame.w, w) - Math.max(frame.left, 0);
  if (rows > 0 && columns > 0) {
    heap.call(
      "copyRows",
      to + (Math.max(-frame.top, 0) * frame.w + Math.max(-frame.left, 0)) * c * floatBytes,
      address + (Math.max(frame.top, 0) * w + Math.max(frame.left, 0)) * c * floatBytes,
      n,
      rows,
      columns * c * floatBytes,
      frame.h * frame.w * c * floatBytes,
      frame.w * c * floatBytes,
      h * w * c * floatBytes,
      w * c * floatBytes,
    );
  }
  return { address: to, h: frame.h, w: frame.w, c };
}

const roundUp = (value: number, to: number) => Math.ceil(value / to) * to;

/** A grid of places: n images, h rows, w columns, with the distances in floats. */
interface Grid {
  readonly first: number;
  readonly h: number;
  readonly w: number;
  readonly image: number;
  readonly row: number;
  readonly column: number;
}

/** Lists the addresses of a grid's places at `to`; the list is filled up to a multiple of `convolve`'s rows with `filler`. */
function list(heap: Heap, to: number, n: number, grid: Grid, filler: number): void {
  const { first, h, w, image, row, column } = grid;
  heap.call("addresses", to, first, n, h, w, image * floatBytes, row * floatBytes, column * floatBytes);
  const count = n * h * w;
  heap.integers(to + count * floatBytes, roundUp(count, tileRows) - count).fill(filler);
}

/** The package's own kernel for what ours leaves to it. */
type Package = (inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap) => TensorInfo;

/** The padding in numbers: the package's "same" gives 0 for a 1x3 image, a 2x2 filter and stride (1, 3). */
function explicit(attrs: ConvAttrs, { padInfo }: tf.backend_util.Conv2DInfo): tf.NamedAttrMap {
  const { top, bottom, left, right } = padInfo;
  return { ...attrs, pad: [[0, 0], [top, bottom], [left, right], [0, 0]] } as unknown as tf.NamedAttrMap;
}

/** y = x * filter. A dilated one, of which tfjs takes no gradient, is left to the package. */
export function conv2D(
  inputs: { x: TensorInfo; filter: TensorInfo },
  attrs: ConvAttrs,
  backend: BackendWasm,
  packaged: Package,
): TensorInfo {
  const info = convInfo(inputs.x.shape, inputs.filter.shape, attrs);
  if (isDilated(info)) return packaged({ ...inputs }, explicit(attrs, info));
  return convolve(heapOf(backend), inputs, info);
}

/** y = activation(x * filter + bias), for inference. Activations other than ReLU are left to the package. */
export function fusedConv2D(
  inputs: { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo },
  attrs: ConvAttrs & { activation: string },
  backend: BackendWasm,
  packaged: Package,
): TensorInfo {
  const info = convInfo(inputs.x.shape, inputs.filter.shape, attrs);
  const floor = { linear: -Infinity, relu: 0 }[attrs.activation];
  const { bias } = inputs;
  if (isDilated(info) || floor === undefined || (bias && bias.shape.at(-1) !== info.outChannels)) {
    return packaged({ ...inputs }, explicit(attrs, info));
  }
  return convolve(heapOf(backend), inputs, info, { bias, floor });
}

function isDilated({ dilationHeight, dilationWidth }: tf.backend_util.Conv2DInfo): boolean {
  return dilationHeight !== 1 || dilationWidth !== 1;
}

/** What comes after a convolution in the same pass: + bias, then nothing below the floor. */
interface Finish {
  readonly bias: TensorInfo | undefined;
  readonly floor: number;
}

/** The windows' rows times the filter's. */
function convolve(
  heap: Heap,
  inputs: { x: TensorInfo; filter: TensorInfo },
  info: tf.backend_util.Conv2DInfo,
  finish?: Finish,
): TensorInfo {
  const {
    batchSize: n,
    inHeight: h,
    inWidth: w,
    inChannels: c,
    outHeight: oh,
    outWidth: ow,
    outChannels: d,
  } = info;
  const { filterHeight: kh, filterWidth: kw, strideHeight: sh, strideWidth: sw, padInfo: { top, left } } =
    info;
  const y = heap.output(info.outShape);
  const places = n * oh * ow;
  if (places === 0) return y;
  const frame = { top: -top, left: -left, h: (oh - 1) * sh + kh, w: (ow - 1) * sw + kw };
  const columns = roundUp(d, panelColumns);
  const narrow = columns !== d;
  const pointers = roundUp(places, tileRows) * floatBytes;
  const x: Image = { address: heap.address(inputs.x), h, w, c };
  const { rows, outs, packed, spill, wide, padded, bias } = heap.scratch({
    rows: pointers,
    outs: pointers,
    packed: kh * kw * c * columns * floatBytes,
    spill: columns * floatBytes,
    wide: narrow ? places * columns * floatBytes : 0,
    padded: n * frame.h * frame.w * c * floatBytes,
    bias: columns * floatBytes,
  });
  const seen = isWhole(frame, h, w) ? x : framed(heap, padded, x, n, frame);
  list(heap, rows, n, windows(info, seen), seen.address);
  const result = narrow ? wide : heap.address(y);
  list(heap, outs, n, {
    first: result,
    h: oh,
    w: ow,
    image: oh * ow * columns,
    row: ow * columns,
    column: columns,
  }, spill);
  heap.call("pack", packed, heap.address(inputs.filter), kh * kw * c, d);
  const tiles = Math.ceil(places / tileRows);
  heap.call(
    "convolve",
    rows,
    outs,
    tiles,
    packed,
    columns / panelColumns,
    kh,
    seen.w * c * floatBytes,
    kw * c,
  );
  if (finish) {
    const values = heap.floatsAt(bias, columns).fill(0);
    if (finish.bias) values.set(heap.floats(finish.bias));
    heap.call("addAndFloor", result, bias, places, columns * floatBytes, finish.floor);
  }
  if (narrow) narrowed(heap, heap.address(y), wide, places, d, columns);
  return y;
}

/** dw = sum over the windows of (window's row)ᵀ (dy's row). */
export function conv2DBackpropFilter(
  inputs: { x: TensorInfo; dy: TensorInfo },
  attrs: ConvAttrs & { filterShape: number[] },
  backend: BackendWasm,
): TensorInfo {
  const info = convInfo(inputs.x.shape, attrs.filterShape, attrs);
  const {
    batchSize: n,
    inHeight: h,
    inWidth: w,
    inChannels: c,
    outHeight: oh,
    outWidth: ow,
    outChannels: d,
  } = info;
  const { filterHeight: kh, filterWidth: kw, strideHeight: sh, strideWidth: sw, padInfo: { top, left } } =
    info;
  const heap = heapOf(backend);
  const dw = heap.output(info.filterShape);
  const places = n * oh * ow;
  const frame = { top: -top, left: -left, h: (oh - 1) * sh + kh, w: (ow - 1) * sw + kw };
  const columns = roundUp(d, panelColumns);
  const narrow = columns !== d;
  const x: Image = { address: heap.address(inputs.x), h, w, c };
  const { rows, packed, wide, padded } = heap.scratch({
    rows: roundUp(places, tileRows) * floatBytes,
    packed: places * columns * floatBytes,
    wide: narrow ? kh * kw * c * columns * floatBytes : 0,
    padded: n * frame.h * frame.w * c * floatBytes,
  });
  const result = narrow ? wide : heap.address(dw);
  heap.clear(result, kh * kw * c * columns * floatBytes);
  if (places > 0) {
    const seen = isWhole(frame, h, w) ? x : framed(heap, padded, x, n, frame);
    list(heap, rows, n, windows(info, seen), seen.address);
    heap.call("pack", packed, heap.address(inputs.dy), places, d);
    // So many places at a time that the values of x under six taps stay in the nearest cache.
    const block = 128, panelStride = places * panelColumns * floatBytes;
    for (let from = 0; from < places; from += block) {
      const count = Math.min(block, places - from);
      const dy = packed + from * panelColumns * floatBytes;
      const tapStride = seen.w * c * floatBytes;
      heap.call(
        "correlate",
        rows + from * floatBytes,
        dy,
        panelStride,
        count,
        columns,
        kh,
        kw * c,
        tapStride,
        result,
      );
    }
  }
  if (narrow) narrowed(heap, heap.address(dw), wide, kh * kw * c, d, columns);
  return dw;
}

/** The places that windows start from. */
function windows(info: tf.backend_util.Conv2DInfo, { address, h, w, c }: Image): Grid {
  const { outHeight, outWidth, strideHeight, strideWidth } = info;
  return {
    first: address,
    h: outHeight,
    w: outWidth,
    image: h * w * c,
    row: strideHeight * w * c,
    column: strideWidth * c,
  };
}

/** Copies the first d floats of rows of `columns`. */
function narrowed(heap: Heap, to: number, from: number, rows: number, d: number, columns: number): void {
  heap.call("copyRows", to, from, 1, rows, d * floatBytes, 0, d * floatBytes, 0, columns * floatBytes);
}

/**
 * dx: for every phase of the stride, the places of x that the same part of the filter reaches are a convolution of dy, stride 1,
 * with that part, turned round and its channels swapped.
 */
export function conv2DBackpropInput(
  inputs: { dy: TensorInfo; filter: TensorInfo },
  attrs: ConvAttrs & { inputShape: number[] },
  backend: BackendWasm,
): TensorInfo {
  const info = convInfo(attrs.inputShape, inputs.filter.shape, attrs);
  const {
    batchSize: n,
    inHeight: h,
    inWidth: w,
    inChannels: c,
    outHeight: oh,
    outWidth: ow,
    outChannels: d,
  } = info;
  const { filterHeight: kh, filterWidth: kw, strideHeight: sh, strideWidth: sw, padInfo: { top, left } } =
    info;
  const heap = heapOf(backend);
  const dx = heap.output(info.inShape);
  const columns = roundUp(c, panelColumns);
  const narrow = columns !== c;
  const largest = roundUp(n * Math.ceil(h / sh) * Math.ceil(w / sw), tileRows);
  const phasesY = phases(h, kh, sh, top), phasesX = phases(w, kw, sw, left);
  // One frame of dy serves all phases.
  const frame = { ...bounds(phasesY, "top", "h"), ...bounds(phasesX, "left", "w") };
  const { rows, outs, packed, spill, wide, padded } = heap.scratch({
    rows: largest * floatBytes,
    outs: largest * floatBytes,
    packed: kh * kw * d * columns * floatBytes,
    spill: columns * floatBytes,
    wide: narrow ? largest * columns * floatBytes : 0,
    padded: n * frame.h * frame.w * d * floatBytes,
  });
  const target = heap.address(dx);
  if (phasesY.length < Math.min(sh, h) || phasesX.length < Math.min(sw, w)) {
    heap.clear(target, n * h * w * c * floatBytes); // places that no window reaches
  }
  if (phasesY.length === 0 || phasesX.length === 0 || n === 0) return dx;
  const dy: Image = { address: heap.address(inputs.dy), h: oh, w: ow, c: d };
  const seen = isWhole(frame, oh, ow) ? dy : framed(heap, padded, dy, n, frame);
  if (narrow) heap.clear(packed, kh * kw * d * columns * floatBytes);
  for (const y of phasesY) {
    for (const x of phasesX) {
      const depth = y.taps.length * x.taps.length * d;
      y.taps.forEach((ky, i) =>
        x.taps.forEach((kx, j) => {
          const from = heap.address(inputs.filter) + (ky * kw + kx) * c * d * floatBytes;
          const to = packed + (i * x.taps.length + j) * d * panelColumns * floatBytes;
          heap.call("packTransposed", to, from, d, c, depth * panelColumns * floatBytes);
        })
      );
      const first = seen.address + ((y.start - frame.top) * seen.w + x.start - frame.left) * d * floatBytes;
      const [image, row] = [seen.h * seen.w * d, seen.w * d];
      list(heap, rows, n, { first, h: y.count, w: x.count, image, row, column: d }, first);
      const places = n * y.count * x.count;
      const out = target + (y.phase * w + x.phase) * c * floatBytes;
      const grid = { h: y.count, w: x.count, image: h * w * c, row: sh * w * c, column: sw * c };
      if (!narrow) list(heap, outs, n, { first: out, ...grid }, spill);
      else list(heap, outs, 1, { first: wide, h: 1, w: places, image: 0, row: 0, column: columns }, spill);
      const panels = columns / panelColumns;
      const tiles = Math.ceil(places / tileRows);
      heap.call(
        "convolve",
        rows,
        outs,
        tiles,
        packed,
        panels,
        y.taps.length,
        row * floatBytes,
        x.taps.length * d,
      );
      if (narrow) {
        list(heap, outs, n, { first: out, ...grid }, spill);
        heap.call("scatter", outs, wide, places, c * floatBytes, columns * floatBytes);
      }
    }
  }
  return dx;
}

/** The places phase, phase + stride, ... of x along one side. */
interface Phase {
  readonly phase: number;
  /** How many places. */
  readonly count: number;
  /** The filter's taps that reach them, in the order of the places of dy: falling. */
  readonly taps: readonly number[];
  /** The place of dy of the first tap for the first place; one on for the next place, or the next tap. */
  readonly start: number;
}

/** The phases that the filter reaches, along one side. x = stride * y + tap - before gives y for every x and tap. */
function phases(size: number, filter: number, stride: number, before: number): Phase[] {
  const all: Phase[] = [];
  for (let phase = 0; phase < Math.min(stride, size); phase++) {
    const taps: number[] = [];
    for (let tap = filter - 1; tap >= 0; tap--) if ((phase + before - tap) % stride === 0) taps.push(tap);
    const [last] = taps;
    if (last === undefined) continue;
    all.push({
      phase,
      count: Math.ceil((size - phase) / stride),
      taps,
      start: (phase + before - last) / stride,
    });
  }
  return all;
}

/** From the first place of dy that any phase needs, how many. */
function bounds<From extends string, Size extends string>(
  all: readonly Phase[],
  from: From,
  size: Size,
): Record<From | Size, number> {
  const first = Math.min(...all.map(({ start }) => start));
  const end = Math.max(...all.map(({ start, count, taps }) => start + count + taps.length - 1));
  return { [from]: all.length ? first : 0, [size]: all.length ? end - first : 0 } as Record<
    From | Size,
    number
  >;
}
