import { assemble } from "../../engine/assemble.ts";
import { mostUnrolled, resample, rowTapBytes, unit } from "./_axes_routine.ts";

/** What an axis of a resampling reads. */
export interface AxisTaps {
  /** For each output place the first of the input's places that it reads; others follow one by one. */
  readonly begins: readonly number[];
  /** Their weights, which add up to 1. */
  readonly weights: readonly (readonly number[])[];
  /** How many places there are: beyond them the first and the last go on. */
  readonly side: number;
}

/** Rows first, then columns: the sums as over both at once, in a fifth of the steps. The rows' weights are rounded to 14 bits. */
export interface Axes {
  readonly rows: AxisTaps;
  readonly columns: AxisTaps;
}

/** A memory of fixed size, which spares half of the checks of addresses, and the routines over it by what they are made for. */
interface Bench {
  readonly memory: WebAssembly.Memory;
  readonly routines: Map<string, (...args: number[]) => void>;
  /** Whose taps lie in it: one memory serves all, so that it does not grow with the number of clips. */
  owner?: { readonly axes: Axes; readonly channels: number };
}
let bench: Bench | undefined;
const leastPages = 16;

function benchFor(bytes: number): Bench {
  if (bench !== undefined && bytes <= bench.memory.buffer.byteLength) return bench;
  const pages = 2 ** Math.ceil(Math.log2(Math.max(leastPages, bytes / 65536)));
  return bench = { memory: new WebAssembly.Memory({ initial: pages, maximum: pages }), routines: new Map() };
}

function routineFor({ memory, routines }: Bench, channels: 1 | 3, pairs: number, taps: number) {
  const key = `${channels} ${pairs} ${taps}`, known = routines.get(key);
  if (known !== undefined) return known;
  const code = assemble({ run: resample(channels, pairs, taps) }, memory.buffer.byteLength / 65536);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory } });
  const routine = exports.run as (...args: number[]) => void;
  if (routines.size > 16) routines.clear(); // frames of many sizes must not add up
  routines.set(key, routine);
  return routine;
}

/** From the input's pixels to the output's, channels interleaved in both. */
export function resampleAxes(axes: Axes, pixels: Uint8Array, channels: 1 | 3): Uint8Array {
  const { rows, columns } = axes, width = columns.side;
  const down = rows.begins.length, across = columns.begins.length;
  const bytes = width * channels, length = down * across * channels;
  const pairs = Math.ceil(mostTaps(rows) / 2), most = mostTaps(columns);
  const taps = most > mostUnrolled ? 4 * Math.ceil(most / 4) : most;
  // Columns beyond the input that are read, on both sides.
  const before = Math.max(0, -Math.min(...columns.begins)),
    after = Math.max(0, Math.max(...columns.begins) + taps - width);
  const groups = Math.ceil(across / 4), tapVectors = Math.ceil(taps / 4);
  let end = 16;
  const take = (room: number) => {
    const at = end;
    end += (room + 15) & ~15;
    return at;
  };
  const rowTaps = take(rowTapBytes * pairs * down), begins = take(16 * groups);
  const weights = take(4 * groups * 16 * tapVectors);
  const sums = take(4 * (before + width + after) * channels + 80);
  const input = take(pixels.length + 16), out = take(length + 64);
  const bench = benchFor(end), { buffer } = bench.memory, first = sums + 4 * before * channels;
  if (bench.owner?.axes !== axes || bench.owner.channels !== channels) {
    bench.owner = { axes, channels };
    layRows(buffer, rows, rowTaps, pairs, input, bytes);
    const places = new Int32Array(buffer, begins, 4 * groups).fill(first);
    columns.begins.forEach((begin, i) => places[i] = first + 4 * channels * begin);
    const list = new Float32Array(buffer, weights, 4 * groups * 4 * tapVectors).fill(0);
    columns.weights.forEach((own, i) => list.set(own.map((w) => Math.fround(w) / unit), 4 * tapVectors * i));
  }
  new Uint8Array(buffer, input, pixels.length).set(pixels);
  routineFor(bench, channels, pairs, taps)(
    ...[rowTaps, rowTaps + rowTapBytes * pairs * down, bytes, first],
    ...[sums, first + 4 * bytes, first + 4 * channels * (width + after)],
    ...[begins, begins + 16 * groups, weights, out, across * channels],
  );
  return new Uint8Array(buffer, out, length).slice();
}

const mostTaps = ({ weights }: AxisTaps) => Math.max(...weights.map(({ length }) => length));

/** For each output row `pairs` of input rows: where two begin, and their weights, 16 bits each. */
function layRows(
  buffer: ArrayBufferLike,
  { begins, weights, side }: AxisTaps,
  to: number,
  pairs: number,
  input: number,
  bytes: number,
): void {
  const view = new DataView(buffer);
  for (const [o, begin] of begins.entries()) {
    const rounded = weights[o]!.map((w) => Math.round(Math.fround(w) * unit));
    // What rounding adds or takes goes to the largest, so that they add up to 1 still.
    rounded[rounded.indexOf(Math.max(...rounded))]! += unit - rounded.reduce((sum, w) => sum + w, 0);
    const rowAt = (k: number) => input + bytes * Math.max(0, Math.min(side - 1, begin + k));
    for (let k = 0; k < 2 * pairs; k += 2, to += rowTapBytes) {
      // Those that only fill up the last pair, or the list, weigh nothing.
      view.setUint32(to, rowAt(Math.min(k, rounded.length - 1)), true);
      view.setUint32(to + 4, rowAt(Math.min(k + 1, rounded.length - 1)), true);
      view.setInt16(to + 8, rounded[k] ?? 0, true);
      view.setInt16(to + 10, rounded[k + 1] ?? 0, true);
    }
  }
}
