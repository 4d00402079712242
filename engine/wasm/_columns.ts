import type { Heap } from "./_heap.ts";

/** Rows whose sums are taken in float32 before they join the others in float64. */
const block = 128;

/**
 * A matrix of rows of C floats as the routines want it: rows of a multiple of 4 floats. Where C is not, two or four rows count
 * as one, and what is left over at the end (fewer rows than that) is done in JavaScript.
 */
export interface Columns {
  /** Channels, C. */
  readonly channels: number;
  /** C, 2C or 4C. */
  readonly width: number;
  /** Rows of `width`. */
  readonly rows: number;
  /** Rows of C, all. */
  readonly total: number;
}

/** How the routines see `total` rows of C floats. */
export function columnsOf(total: number, channels: number): Columns {
  const together = channels % 4 === 0 ? 1 : channels % 2 === 0 ? 2 : 4;
  return { channels, width: channels * together, rows: Math.floor(total / together), total };
}

/** The address of a vector of C numbers, repeated to the width, on the heap at `to`. */
export function placeVector(heap: Heap, to: number, columns: Columns, values: ArrayLike<number>): number {
  const { channels, width } = columns;
  const target = heap.floatsAt(to, width);
  for (let i = 0; i < width; i++) target[i] = values[i % channels] as number;
  return to;
}

/** Sums per channel of a - meanA and of (a - meanA) (b - meanB), in float64 over blocks of rows. `scratch` holds 2 rows for every block. */
export function sums(
  heap: Heap,
  columns: Columns,
  [a, meanA, b, meanB]: readonly [a: number, meanA: number, b: number, meanB: number],
  scratch: number,
): { sum: Float64Array; product: Float64Array } {
  const { channels, width, rows, total } = columns;
  const rowBytes = width * 4;
  const blocks = Math.ceil(rows / block);
  for (let i = 0; i < blocks; i++) {
    const from = i * block * rowBytes;
    const count = Math.min(block, rows - i * block);
    const to = scratch + 2 * i * rowBytes;
    heap.call("columnSums", a + from, meanA, b + from, meanB, count, rowBytes, to, to + rowBytes);
  }
  const [sum, product] = [new Float64Array(channels), new Float64Array(channels)];
  const partial = heap.floatsAt(scratch, 2 * blocks * width);
  for (let i = 0, at = 0; i < blocks; i++) {
    for (const target of [sum, product]) {
      for (let k = 0; k < width; k++) {
        target[k % channels] = (target[k % channels] as number) + (partial[at++] as number);
      }
    }
  }
  // the rows left over
  const first = rows * width, rest = total * channels - first;
  const [as, bs] = [heap.floatsAt(a + first * 4, rest), heap.floatsAt(b + first * 4, rest)];
  const [mas, mbs] = [heap.floatsAt(meanA, channels), heap.floatsAt(meanB, channels)];
  for (let i = 0; i < rest; i++) {
    const k = i % channels;
    const centred = (as[i] as number) - (mas[k] as number);
    sum[k] = (sum[k] as number) + centred;
    product[k] = (product[k] as number) + centred * ((bs[i] as number) - (mbs[k] as number));
  }
  return { sum, product };
}

/** Bytes of scratch that `sums` needs. */
export function sumsBytes({ width, rows }: Columns): number {
  return 2 * Math.ceil(rows / block) * width * 4;
}

/** out = (a - centre) scale + shift per channel. */
export function normalise(
  heap: Heap,
  columns: Columns,
  out: number,
  [a, centre, scale, shift]: readonly [a: number, centre: number, scale: number, shift: number],
): void {
  const { channels, width, rows, total } = columns;
  heap.call("columnScale", out, a, centre, scale, shift, rows, width * 4);
  const first = rows * width, rest = total * channels - first;
  const floats = (at: number, count: number) => heap.floatsAt(at, count) as ArrayLike<number> as number[];
  const [to, from] = [floats(out + first * 4, rest), floats(a + first * 4, rest)];
  const [c, s, t] = [floats(centre, channels), floats(scale, channels), floats(shift, channels)];
  for (let i = 0; i < rest; i++) {
    const k = i % channels;
    to[i] = (from[i]! - c[k]!) * s[k]! + t[k]!;
  }
}

/** out = (a - centreA) scaleA + (b - centreB) scaleB per channel. */
export function blend(
  heap: Heap,
  columns: Columns,
  out: number,
  [a, centreA, scaleA, b, centreB, scaleB]: readonly [number, number, number, number, number, number],
): void {
  const { channels, width, rows, total } = columns;
  heap.call("columnBlend", out, a, centreA, scaleA, b, centreB, scaleB, rows, width * 4);
  const first = rows * width, rest = total * channels - first;
  const to = heap.floatsAt(out + first * 4, rest);
  const part = (of: number, centre: number, scale: number) => {
    const [from, c, s] = [
      heap.floatsAt(of + first * 4, rest),
      heap.floatsAt(centre, channels),
      heap.floatsAt(scale, channels),
    ];
    return (i: number) => (from[i]! - c[i % channels]!) * s[i % channels]!;
  };
  const [partA, partB] = [part(a, centreA, scaleA), part(b, centreB, scaleB)];
  for (let i = 0; i < rest; i++) to[i] = partA(i) + partB(i);
}
