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
  narrowed,
  roundUp,
  windows,
} from "./_windows.ts";

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
    padded: frameBytes(n, frame, c),
  });
  const result = narrow ? wide : heap.address(dw);
  heap.clear(result, kh * kw * c * columns * floatBytes);
  if (places > 0) {
    const seen = isWhole(frame, h, w) ? x : framed(heap, padded, x, n, frame);
    list(heap, rows, n, windows(info, seen), seen.address);
    heap.call("pack", packed, heap.address(inputs.dy), places, d);
    // So many places at a time that the values of x under six taps stay in the nearest cache.
    const block = 64, panelStride = places * panelColumns * floatBytes;
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
