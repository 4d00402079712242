import type { TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { heapOf } from "./_heap.ts";
import { panelColumns, tileRows } from "./_routines/convolve.ts";
import {
  type ConvAttrs,
  convInfo,
  floatBytes,
  frameBytes,
  framed,
  type Image,
  isWhole,
  list,
  roundUp,
} from "./_windows.ts";

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
    padded: frameBytes(n, frame, d),
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
