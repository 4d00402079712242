import {
  assemble,
  type Code,
  f32x4,
  i16x8,
  i32,
  i32x4,
  type Local,
  loop,
  type Routine,
  u8x16,
  u8x4,
} from "../../engine/assemble.ts";

/** What an axis of a resampling reads: for output place o the taps from `starts[o]` to `starts[o + 1]`, each a place of the input and a weight. */
export interface AxisTaps {
  readonly starts: Uint32Array;
  readonly at: Uint32Array;
  readonly weight: Float32Array;
}

/** Rows first, then columns: the sums as over both at once, in a fifth of the steps. The rows' weights are rounded to 14 bits. */
export interface Axes {
  readonly rows: AxisTaps;
  readonly columns: AxisTaps;
  /** Pixels in a row of the input. */
  readonly width: number;
}

/**
 * Sums rows in whole numbers into one row of floats, then its columns, for each row of the output. Arguments: lists of where the taps of each output row and column begin, the end of the former's, the input, bytes in
 * a row of it, room for a row of floats, where the output begins, bytes in a row of it, bytes in a pixel. It multiplies, then adds, never fused: the same bits on every machine.
 */
const resample: Routine = {
  parameters: ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"],
  body: (parameters, local) => {
    const [rows, columns, rowsEnd, pixels, bytes, sums, out, outBytes, channels] = parameters as [
      ...[Local, Local, Local, Local, Local],
      ...[Local, Local, Local, Local],
    ];
    const [row, tap, last, i, to] = [local("i32"), local("i32"), local("i32"), local("i32"), local("i32")];
    const [column, end] = [local("i32"), local("i32")];
    const parts = [local("v128"), local("v128"), local("v128"), local("v128")];
    const [one, other, weight] = [local("v128"), local("v128"), local("v128")];
    // Bytes of two rows by turns, as 16-bit numbers: a dot product weighs both.
    const pairs = (half: 0 | 8): Code =>
      u8x16.shuffle(
        one.get,
        other.get,
        Array.from({ length: 16 }, (_, byte) => half + (byte >> 1) + 16 * (byte & 1)),
      );
    const sumPair = (half: 0 | 8, [first, second]: readonly Local[]): Code => [
      ...both.set(pairs(half)),
      ...first!.set(i32x4.add(first!.get, i32x4.dot(i16x8.low(both.get), weight.get))),
      ...second!.set(i32x4.add(second!.get, i32x4.dot(i16x8.high(both.get), weight.get))),
    ];
    const both = local("v128");
    const sumRows: Code = [
      ...last.set(i32.load(row.get, 4)),
      ...loop(i, i32.const(0), bytes.get, 16, [
        ...parts.flatMap((part) => part.set(f32x4.zero)),
        ...loop(tap, i32.load(row.get), last.get, rowTapBytes, [
          ...one.set(u8x16.load(i32.add(i32.add(pixels.get, i32.load(tap.get)), i.get))),
          ...other.set(u8x16.load(i32.add(i32.add(pixels.get, i32.load(tap.get, 4)), i.get))),
          ...weight.set(f32x4.loadSplat(tap.get, 8)),
          ...sumPair(0, parts),
          ...sumPair(8, parts.slice(2)),
        ]),
        ...to.set(i32.add(sums.get, i32.shl(i.get, i32.const(2)))),
        ...parts.flatMap((part, k) => f32x4.store(to.get, f32x4.from(part.get), 16 * k)),
      ]),
    ];
    const sumColumns: Code = [
      ...column.set(columns.get),
      ...end.set(i32.add(out.get, outBytes.get)),
      ...loop(to, out.get, end.get, channels.get, [
        ...last.set(i32.load(column.get, 4)),
        ...weight.set(f32x4.const([0.5, 0.5, 0.5, 0.5])), // truncation then rounds
        ...loop(
          tap,
          i32.load(column.get),
          last.get,
          8,
          weight.set(f32x4.add(
            weight.get,
            f32x4.mul(f32x4.loadSplat(tap.get, 4), f32x4.load(i32.add(sums.get, i32.load(tap.get)))),
          )),
        ),
        ...u8x4.store(to.get, weight.get), // what is beyond the pixel's channels is overwritten by the next pixel
        ...column.add(i32.const(4)),
      ]),
      ...out.set(end.get),
    ];
    return loop(row, rows.get, rowsEnd.get, 4, [...sumRows, ...sumColumns]);
  },
};

/** Bytes of two taps of an output row: where two input rows begin, and their weights, 16 bits each. */
const rowTapBytes = 12;
/** A weight of 1. */
const unit = 1 << 14;

const memory = new WebAssembly.Memory({ initial: 1 });
let run: ((...args: number[]) => void) | undefined;
/** Whose taps lie in the memory: one memory serves all, so that it does not grow with the number of clips. */
let owner: Axes | undefined, ownChannels = 0;

/** From the input's pixels to the output's, channels interleaved in both. */
export function resampleAxes(axes: Axes, pixels: Uint8Array, channels: 1 | 3): Uint8Array {
  run ??= new WebAssembly.Instance(new WebAssembly.Module(assemble({ resample })), { env: { memory } })
    .exports.resample as (...args: number[]) => void;
  const { rows, columns, width } = axes,
    [down, across] = [rows, columns].map(({ starts }) => starts.length - 1);
  const bytes = width * channels, length = down! * across! * channels;
  let end = 16;
  const take = (room: number) => {
    const at = end;
    end += (room + 15) & ~15;
    return at;
  };
  const rowList = take(4 * rows.starts.length), columnList = take(4 * columns.starts.length);
  const rowTaps = take(rowTapBytes * (rows.at.length + down!)), columnTaps = take(8 * columns.at.length);
  const sums = take(4 * bytes + 80), input = take(pixels.length + 16), out = take(length + 4);
  const missing = end - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
  const { buffer } = memory;
  if (owner !== axes || ownChannels !== channels) {
    [owner, ownChannels] = [axes, channels];
    layRows(buffer, rows, rowList, rowTaps, bytes);
    layColumns(buffer, columns, columnList, columnTaps, 4 * channels);
  }
  new Uint8Array(buffer, input, pixels.length).set(pixels);
  run(rowList, columnList, rowList + 4 * down!, input, bytes, sums, out, across! * channels, channels);
  return new Uint8Array(buffer, out, length).slice();
}

function layRows(
  buffer: ArrayBufferLike,
  { starts, at, weight }: AxisTaps,
  list: number,
  taps: number,
  bytes: number,
) {
  const begins = new Uint32Array(buffer, list, starts.length), view = new DataView(buffer);
  let to = taps;
  begins[0] = to;
  for (let o = 0; o + 1 < starts.length; o++) {
    const [from, end] = [starts[o]!, starts[o + 1]!];
    const weights = Array.from(weight.subarray(from, end), (w) => Math.round(w * unit));
    // What rounding adds or takes goes to the largest, so that they add up to 1 still.
    weights[weights.indexOf(Math.max(...weights))]! += unit - weights.reduce((sum, w) => sum + w, 0);
    for (let k = from; k < end; k += 2, to += rowTapBytes) {
      view.setUint32(to, at[k]! * bytes, true);
      view.setUint32(to + 4, (k + 1 < end ? at[k + 1]! : at[k]!) * bytes, true);
      view.setInt16(to + 8, weights[k - from]!, true);
      view.setInt16(to + 10, weights[k + 1 - from] ?? 0, true);
    }
    begins[o + 1] = to;
  }
}

function layColumns(
  buffer: ArrayBufferLike,
  { starts, at, weight }: AxisTaps,
  list: number,
  taps: number,
  bytes: number,
) {
  new Uint32Array(buffer, list, starts.length).set(starts.map((k) => taps + 8 * k));
  const places = new Uint32Array(buffer, taps, 2 * at.length), weights = new Float32Array(buffer);
  for (let k = 0; k < at.length; k++) {
    places[2 * k] = at[k]! * bytes;
    weights[taps / 4 + 2 * k + 1] = weight[k]! / unit;
  }
}
