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

const memory = new WebAssembly.Memory({ initial: 1 });
let sumTaps: ((...args: number[]) => void) | undefined;
/** Whose taps lie in the memory: one memory serves all, so that it does not grow with the number of clips. */
let owner: Taps | undefined, ownChannels = 0;

/** From the region's pixels to the output's, channels interleaved in both. */
export function gatherTaps(taps: Taps, pixels: Uint8Array, channels: 1 | 3): Uint8Array {
  sumTaps ??= new WebAssembly.Instance(new WebAssembly.Module(assemble({ gather })), { env: { memory } })
    .exports.gather as (...args: number[]) => void;
  const count = taps.starts.length - 1, length = count * channels;
  const starts = 16, list = starts + 4 * (count + 1), from = list + 8 * taps.at.length;
  const out = from + pixels.length + 4, needed = out + length + 4; // a pixel is read and written as four bytes
  const missing = needed - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
  const { buffer } = memory;
  if (owner !== taps || ownChannels !== channels) {
    [owner, ownChannels] = [taps, channels];
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
