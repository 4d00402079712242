import {
  assemble,
  type Code,
  f32x4,
  i32,
  type Local,
  loop,
  type Routine,
  u8x4,
} from "../../engine/assemble.ts";

/** What a resampling reads: for output pixel o the taps from `starts[o]` to `starts[o + 1]`. */
export interface Taps {
  readonly starts: Uint32Array;
  /** The pixel of the region. */
  readonly at: Uint32Array;
  readonly weight: Float32Array;
}

/**
 * Sums taps: each is the place of four bytes and a weight. Arguments: the list of where each output pixel's taps begin (one more at the
 * end), the region's pixels, where the output begins and ends, channels. It multiplies, then adds, never fused: the same bits on every machine.
 */
const gather: Routine = {
  parameters: ["i32", "i32", "i32", "i32", "i32"],
  body: (parameters, local) => {
    const [starts, pixels, out, end, channels] = parameters as [Local, Local, Local, Local, Local];
    const [to, tap, last] = [local("i32"), local("i32"), local("i32")], sum = local("v128");
    const pixel: Code = u8x4.load(i32.add(pixels.get, i32.load(tap.get)));
    return loop(to, out.get, end.get, channels.get, [
      ...last.set(i32.load(starts.get, 4)),
      ...sum.set(f32x4.const([0.5, 0.5, 0.5, 0.5])), // truncation then rounds
      ...loop(
        tap,
        i32.load(starts.get),
        last.get,
        8,
        sum.set(f32x4.add(sum.get, f32x4.mul(f32x4.loadSplat(tap.get, 4), pixel))),
      ),
      ...u8x4.store(to.get, sum.get), // what is beyond the pixel's channels is overwritten by the next pixel
      ...starts.add(i32.const(4)),
    ]);
  },
};

/** A memory with the taps that lie in it, so that resamplings by turns (faces of a video, windows that overlap) need not lay theirs again for every frame. */
interface Bench {
  readonly memory: WebAssembly.Memory;
  readonly sumTaps: (...args: number[]) => void;
  owner: Taps | undefined;
  channels: number;
}

/** Few, and used again: memory must not grow with the number of clips. */
const mostBenches = 4;
/** The one used last stands first. */
const benches: Bench[] = [];
let module: WebAssembly.Module | undefined;

function benchOf(taps: Taps, channels: number): Bench {
  let at = benches.findIndex(({ owner, channels: own }) => owner === taps && own === channels);
  if (at < 0 && benches.length < mostBenches) {
    const memory = new WebAssembly.Memory({ initial: 1 });
    module ??= new WebAssembly.Module(assemble({ gather }));
    const sumTaps = new WebAssembly.Instance(module, { env: { memory } }).exports.gather as Bench["sumTaps"];
    benches.push({ memory, sumTaps, owner: undefined, channels: 0 });
  }
  if (at < 0) at = benches.length - 1;
  const [bench] = benches.splice(at, 1);
  benches.unshift(bench!);
  return bench!;
}

/** From the region's pixels to the output's, channels interleaved in both. */
export function gatherTaps(taps: Taps, pixels: Uint8Array, channels: 1 | 3): Uint8Array {
  const bench = benchOf(taps, channels), { memory, sumTaps } = bench;
  const count = taps.starts.length - 1, length = count * channels;
  const starts = 16, list = starts + 4 * (count + 1), from = list + 8 * taps.at.length;
  const out = from + pixels.length + 4, needed = out + length + 4; // a pixel is read and written as four bytes
  const missing = needed - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
  const { buffer } = memory;
  if (bench.owner !== taps || bench.channels !== channels) {
    [bench.owner, bench.channels] = [taps, channels];
    new Uint32Array(buffer, starts, count + 1).set(taps.starts.map((k) => list + 8 * k));
    const places = new Uint32Array(buffer), weights = new Float32Array(buffer);
    for (let k = 0, i = list / 4; k < taps.at.length; k++, i += 2) {
      places[i] = taps.at[k]! * channels;
      weights[i + 1] = taps.weight[k]!;
    }
  }
  const bytes = new Uint8Array(buffer);
  bytes.set(pixels, from);
  sumTaps(starts, from, out, out + length, channels);
  return bytes.slice(out, out + length);
}
