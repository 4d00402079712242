import * as tf from "@tensorflow/tfjs";
import type { Heap } from "./_heap.ts";
import { tileRows } from "./_routines/convolve.ts";

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
export interface Image {
  readonly address: number;
  readonly h: number;
  readonly w: number;
  readonly c: number;
}

/** Part of an image: rows from `top` and columns from `left` on, both of which may lie outside, where zeros are. */
export interface Frame {
  readonly top: number;
  readonly left: number;
  readonly h: number;
  readonly w: number;
}

/** Bytes of a float. */
export const floatBytes = 4;

/** Whether a frame is the whole image, so that no copy is needed. */
export function isWhole(frame: Frame, h: number, w: number): boolean {
  return frame.top === 0 && frame.left === 0 && frame.h === h && frame.w === w;
}

/** Bytes for the frames of n images. */
export function frameBytes(n: number, { h, w }: Frame, c: number): number {
  return (n * h + 1) * w * c * floatBytes; // and a row that `copyFramed` may clear
}

/** Copies the frame of n images to `to`. */
export function framed(heap: Heap, to: number, images: Image, n: number, frame: Frame): Image {
  const { address, h, w, c } = images;
  const [pixel, row] = [c * floatBytes, frame.w * c * floatBytes];
  const [top, left] = [Math.max(frame.top, 0), Math.max(frame.left, 0)]; // the first row and column seen
  const rows = Math.min(frame.top + frame.h, h) - top, columns = Math.min(frame.left + frame.w, w) - left;
  if (rows <= 0 || columns <= 0) heap.clear(to, n * frame.h * row);
  else {
    const [above, before] = [top - frame.top, left - frame.left];
    const [below, after] = [frame.h - above - rows, frame.w - before - columns];
    const start = address + (top * w + left) * pixel;
    const border = [above * row, before * pixel, after * pixel, below * row];
    heap.call("copyFramed", to, start, n, rows, columns * pixel, ...border, h * w * pixel, w * pixel);
  }
  return { address: to, h: frame.h, w: frame.w, c };
}

/** The next multiple. */
export function roundUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}

/** A grid of places: n images, h rows, w columns, with the distances in floats. */
export interface Grid {
  readonly first: number;
  readonly h: number;
  readonly w: number;
  readonly image: number;
  readonly row: number;
  readonly column: number;
}

/** Lists the addresses of a grid's places at `to`; the list is filled up to a multiple of `convolve`'s rows with `filler`. */
export function list(heap: Heap, to: number, n: number, grid: Grid, filler: number): void {
  const { first, h, w, image, row, column } = grid;
  heap.call("addresses", to, first, n, h, w, image * floatBytes, row * floatBytes, column * floatBytes);
  const count = n * h * w;
  heap.integers(to + count * floatBytes, roundUp(count, tileRows) - count).fill(filler);
}

/** The places that windows start from. */
export function windows(info: tf.backend_util.Conv2DInfo, { address, h, w, c }: Image): Grid {
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
export function narrowed(
  heap: Heap,
  to: number,
  from: number,
  rows: number,
  d: number,
  columns: number,
): void {
  heap.call("copyRows", to, from, 1, rows, d * floatBytes, 0, d * floatBytes, 0, columns * floatBytes);
}
