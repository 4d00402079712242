// Writes baseline JPEGs of random coefficients: any sampling, with restarts, with codes of every length; no picture that an encoder makes has all of that.
import type { Random } from "../../../engine/random.ts";

/** What is to be written. */
export interface JpegSettings {
  readonly width: number;
  readonly height: number;
  /** Sampling factors of the components, one or three. */
  readonly sampling: readonly (readonly [across: number, down: number])[];
  /** Units between restarts; 0 for none. */
  readonly restart: number;
  /** The largest quantiser. */
  readonly quantiser: number;
  /** The part of the coefficients that are not 0. */
  readonly density: number;
  /** Segments before the frame. */
  readonly extra?: readonly (readonly number[])[];
}

const zeroRun = 0xf0, endOfBlock = 0;

/** A complete prefix code in which symbol i has a length of at most 16 and the last code of all ones is free. */
function code(symbols: readonly number[]) {
  const counts = new Array<number>(16).fill(0);
  // Half of the codes that are left at each length go to symbols, so that every length occurs.
  let left = symbols.length, free = 1;
  for (let length = 1; length <= 16 && left > 0; length++) {
    free *= 2;
    const later = 16 - length, take = Math.min(left, later === 0 ? free - 1 : free >> 1);
    // Never so many that the others could not be coded with what remains.
    let n = take;
    while (n > 0 && (free - n) * 2 ** later - 1 < left - n) n--;
    counts[length - 1] = n;
    left -= n;
    free -= n;
  }
  const codes = new Map<number, [bits: number, length: number]>();
  let next = 0, k = 0;
  for (let length = 1; length <= 16; length++, next <<= 1) {
    for (let i = 0; i < counts[length - 1]!; i++) codes.set(symbols[k++]!, [next++, length]);
  }
  if (left > 0) throw new Error(`no room for ${left} symbols`);
  return { counts, symbols, codes };
}

class Bits {
  readonly bytes: number[] = [];
  #held = 0;
  #count = 0;

  put(value: number, length: number): void {
    for (let i = length - 1; i >= 0; i--) {
      this.#held = this.#held << 1 | (value >> i & 1);
      if (++this.#count < 8) continue;
      this.bytes.push(this.#held);
      if (this.#held === 0xff) this.bytes.push(0);
      this.#held = this.#count = 0;
    }
  }

  /** Fills the last byte with ones. */
  flush(): void {
    while (this.#count > 0) this.put(1, 1);
  }
}

/** The file, with 0xff where JPEG wants it. */
export function writeJpeg(settings: JpegSettings, random: Random): Uint8Array {
  const { width, height, sampling, restart, quantiser, density, extra = [] } = settings;
  const n = sampling.length, out: number[] = [0xff, 0xd8];
  const segment = (marker: number, body: readonly number[]) =>
    out.push(0xff, marker, body.length + 2 >> 8, body.length + 2 & 255, ...body);
  for (const [marker, ...body] of extra) segment(marker!, body);
  for (const id of [0, 1]) {
    segment(0xdb, [id, ...Array.from({ length: 64 }, () => 1 + random.integer(quantiser))]);
  }
  const frame = sampling.flatMap(([across, down], i) => [i + 1, across << 4 | down, Math.min(i, 1)]);
  segment(0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, n, ...frame]);
  const shuffled = (list: number[]) => list.map((x) => [random.next(), x] as const).sort().map(([, x]) => x);
  const sizes = [...Array(12).keys()];
  const runs = [
    endOfBlock,
    zeroRun,
    ...[...Array(160).keys()].map((i) => (i % 16) << 4 | 1 + Math.floor(i / 16)),
  ];
  const tables = [0, 1].map((id) => {
    const dc = code(shuffled(sizes)),
      ac = code([...shuffled(runs.slice(0, 40)), ...shuffled(runs.slice(40))]);
    segment(0xc4, [id, ...dc.counts, ...dc.symbols]);
    segment(0xc4, [16 + id, ...ac.counts, ...ac.symbols]);
    return { dc: dc.codes, ac: ac.codes };
  });
  if (restart > 0) segment(0xdd, [restart >> 8, restart & 255]);
  segment(0xda, [n, ...sampling.flatMap((_, i) => [i + 1, i > 0 ? 0x11 : 0]), 0, 63, 0]);

  const [across, down] = n === 1 ? [1, 1] : sampling[0]!;
  const units = Math.ceil(width / (8 * across)) * Math.ceil(height / (8 * down));
  let bits = new Bits(), last = sampling.map(() => 0);
  const put = ([bits_, length]: [number, number], value: number, size: number) => {
    bits.put(bits_, length);
    bits.put(value < 0 ? value + 2 ** size - 1 : value, size);
  };
  const sizeOf = (value: number) => 32 - Math.clz32(Math.abs(value));
  for (let unit = 0; unit < units; unit++) {
    if (restart > 0 && unit > 0 && unit % restart === 0) {
      bits.flush();
      out.push(...bits.bytes, 0xff, 0xd0 + (unit / restart - 1) % 8);
      bits = new Bits();
      last = sampling.map(() => 0);
    }
    sampling.forEach(([a, d], c) => {
      const { dc, ac } = tables[Math.min(c, 1)]!;
      for (let block = 0; block < (n === 1 ? 1 : a * d); block++) {
        const most = Math.min(400, Math.floor(8191 / quantiser));
        const value = random.integer(2 * most) - most, difference = value - last[c]!;
        last[c] = value;
        put(dc.get(sizeOf(difference))!, difference, sizeOf(difference));
        let run = 0;
        for (let k = 1; k < 64; k++) {
          if (random.next() >= density) {
            run++;
            continue;
          }
          for (; run > 15; run -= 16) put(ac.get(zeroRun)!, 0, 0);
          // Small ones are common, those of ten bits occur.
          const largest = Math.min(10, Math.floor(Math.log2(8192 / quantiser)));
          const size = 1 + Math.floor(largest * random.next() ** 6);
          const value = (2 ** (size - 1) + random.integer(2 ** (size - 1))) * (random.next() < 0.5 ? -1 : 1);
          put(ac.get(run << 4 | size)!, value, size);
          run = 0;
        }
        if (run > 0) put(ac.get(endOfBlock)!, 0, 0);
      }
    });
  }
  bits.flush();
  return Uint8Array.from([...out, ...bits.bytes, 0xff, 0xd9]);
}
