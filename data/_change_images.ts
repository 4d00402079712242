import { assemble, i16x8, i32, i32x4, type Local, loop, type Routine, u8x16 } from "../engine/assemble.ts";

/**
 * For every pixel of the result: the pixel of the source to the upper left of where it is read, then how far right and how far below of that it is read, in parts of 256.
 * Those that would lie beyond the right or the lower edge have 0 there.
 */
export type SamplingMap = Int32Array;

/** Bytes of what `sample` reads of a pixel: where it is read, two weights across of 16 bits, a weight of the upper row, one of the lower row. */
const entryBytes = 16;

/**
 * Bilinear sampling of an image in whole numbers, up to four channels at once. Arguments: entries of the pixels and their end, the image, bytes in a row of it, bytes in a pixel, where the
 * result goes: every pixel writes four bytes, of which the next one overwrites what is not its own.
 */
const sample: Routine = {
  parameters: ["i32", "i32", "i32", "i32", "i32", "i32"],
  body: (parameters, local) => {
    const [entry, end, image, row, pixel, to] = parameters as [Local, Local, Local, Local, Local, Local];
    const [at, below, across] = [local("i32"), local("i32"), local("v128")];
    // Two neighbours channel by channel: a dot product weighs both.
    const pair = (left: Local) =>
      i32x4.dot(
        i16x8.low(u8x16.shuffle(
          u8x16.loadFour(left.get),
          u8x16.loadFour(i32.add(left.get, pixel.get)),
          [0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23], // one machine instruction
        )),
        across.get,
      );
    const sum = i32x4.add(
      i32x4.mul(pair(at), i32x4.loadSplat(entry.get, 8)),
      i32x4.mul(pair(below), i32x4.loadSplat(entry.get, 12)),
    );
    const rounded = i32x4.shiftRight(i32x4.add(sum, i32x4.splat(32768)), 16);
    const words = i16x8.from(rounded, rounded);
    return loop(entry, entry.get, end.get, entryBytes, [
      ...at.set(i32.add(image.get, i32.load(entry.get))),
      ...below.set(i32.add(at.get, row.get)),
      ...across.set(i32x4.loadSplat(entry.get, 4)),
      ...i32.store(to.get, i32x4.first(u8x16.from(words, words))),
      ...to.add(pixel.get),
    ]);
  },
};

/** Puts every byte through a table of 256. Arguments: bytes and their end, in fours, and the table. */
const tone: Routine = {
  parameters: ["i32", "i32", "i32"],
  body: (parameters, local) => {
    const [at, end, table] = parameters as [Local, Local, Local], word = local("i32");
    const byte = (k: number) =>
      i32.load8(i32.add(table.get, i32.and(i32.shiftRight(word.get, i32.const(8 * k)), i32.const(255))));
    return loop(at, at.get, end.get, 4, [
      ...word.set(i32.load(at.get)),
      ...i32.store(
        at.get,
        [1, 2, 3].map((k) => i32.shl(byte(k), i32.const(8 * k))).reduce(i32.or, byte(0)),
      ),
    ]);
  },
};

const memory = new WebAssembly.Memory({ initial: 1 });
type Routines = Record<"sample" | "tone", (...args: number[]) => void>;
let routines: Routines | undefined;

function startRoutines(): Routines {
  const module = new WebAssembly.Module(assemble({ sample, tone }));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as Routines;
}

/**
 * Images of one size, each through the same sampling and the same table of brightness.
 *
 * @param stacks Each of one or more images of h x w x C, one after the other.
 * @param map Where each pixel is read; nothing moves without it.
 * @param table What becomes of each value; nothing changes without it.
 * @returns New pixels of each stack.
 */
export function changeImages<const Stacks extends readonly Uint8Array[]>(
  stacks: Stacks,
  [height, width, channels]: readonly [number, number, number],
  map: SamplingMap | undefined,
  table: Uint8Array | undefined,
): { [K in keyof Stacks]: Uint8Array } {
  routines ??= startRoutines();
  const area = height * width, image = area * channels, row = width * channels;
  const length = stacks.reduce((sum, { length }) => sum + length, 0);
  const tableAt = 16, entries = tableAt + 256, from = entries + entryBytes * area;
  // Weights of 0 read a row and a pixel beyond the last image; the last pixels write beyond their own.
  const out = (from + length + row + channels + 16) & ~15, end = out + length + 16;
  const missing = end - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
  const { buffer } = memory, bytes = new Uint8Array(buffer);
  const source = map ? from : out;
  let at = source;
  for (const stack of stacks) {
    bytes.set(stack, at);
    at += stack.length;
  }
  if (map) {
    layMap(map, new Int32Array(buffer, entries, 4 * area), channels);
    for (let k = 0; k < length; k += image) {
      // Of more than four channels the last come first, for what they write beyond their own pixel.
      for (let first = (channels - 1) & ~3; first >= 0; first -= 4) {
        routines.sample(entries, from, from + k + first, row, channels, out + k + first);
      }
    }
  }
  if (table) {
    bytes.set(table, tableAt);
    routines.tone(out, out + length, tableAt);
  }
  at = out;
  return stacks.map((stack) => bytes.slice(at, at += stack.length)) as { [K in keyof Stacks]: Uint8Array };
}

function layMap(map: SamplingMap, to: Int32Array, channels: number): void {
  for (let i = 0, o = 0; o < to.length; i += 3, o += 4) {
    const right = map[i + 1]!, below = map[i + 2]!;
    to[o] = map[i]! * channels;
    to[o + 1] = right << 16 | (256 - right);
    to[o + 2] = 256 - below;
    to[o + 3] = below;
  }
}
