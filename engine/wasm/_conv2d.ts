import type * as tf from "@tensorflow/tfjs";
import type { TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { type Heap, heapOf } from "./_heap.ts";
import type { Package } from "./_kernels.ts";
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
    padded: frameBytes(n, frame, c),
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
