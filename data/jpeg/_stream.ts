import { i32, type Local, repeat, type Routine, u8x16, when } from "../../engine/assemble.ts";

const n = i32.const;
const backwards = Array.from({ length: 16 }, (_, byte) => 15 - byte);

/**
 * Copies coded data up to the next marker, backwards and without the zeros that are stuffed after 0xff. Arguments: from where, the end of that, where the copy ends (elsewhere; it grows downwards), and
 * where to say how far it came in both and which marker it met (0 for none).
 */
export const unstuff: Routine = {
  parameters: ["i32", "i32", "i32", "i32"],
  body: (parameters, local) => {
    const [from, end, to, result] = parameters as [Local, Local, Local, Local];
    const [found, step, marker] = [local("i32"), local("i32"), local("i32")], sixteen = local("v128");
    return [
      ...repeat([
        ...sixteen.set(u8x16.load(from.get)),
        // What lies behind 0xff is overwritten.
        ...u8x16.store(i32.sub(to.get, n(16)), u8x16.shuffle(sixteen.get, sixteen.get, backwards)),
        ...found.set(u8x16.topBits(u8x16.equal(sixteen.get, u8x16.splat(n(0xff))))),
        ...step.set(n(16)),
        ...when(found.get, [
          ...step.set(i32.add(i32.trailingZeros(found.get), n(1))),
          ...from.add(n(1)),
          ...marker.set(i32.loadUint8(i32.sub(i32.add(from.get, step.get), n(1)))),
        ]),
        ...from.add(step.get),
        ...to.set(i32.sub(to.get, step.get)),
      ], i32.and(i32.isZero(marker.get), i32.less(from.get, end.get))),
      ...i32.store(result.get, from.get),
      ...i32.store(result.get, to.get, 4),
      ...i32.store(result.get, marker.get, 8),
    ];
  },
};

/** The coded data of a scan without markers and stuffed zeros. */
export interface Stream {
  /** Bytes. */
  readonly length: number;
  /** Where each restart interval begins. */
  readonly starts: readonly number[];
}

/**
 * Lays a scan's data into memory up to the end of the image; undefined if it does not end there or restarts are out of turn.
 *
 * @param data From the scan's first byte on.
 * @param raw Room for them.
 * @param to Where the result ends: it lies backwards.
 * @param result Room for three numbers.
 */
export function streamOf(
  data: Uint8Array,
  raw: number,
  to: number,
  result: number,
  { memory: { buffer }, unstuff }: {
    readonly memory: WebAssembly.Memory;
    readonly unstuff: (...args: number[]) => void;
  },
): Stream | undefined {
  new Uint8Array(buffer, raw, data.length).set(data);
  const told = new Int32Array(buffer, result, 3), starts = [0], end = raw + data.length;
  for (let at = raw, filled = to;;) {
    unstuff(at, end, filled, result);
    const [next, length, marker] = told as unknown as [number, number, number];
    if (marker === 0 || next > end) return undefined;
    at = next;
    filled = length + 1; // the marker's 0xff
    if (marker === 0xd9) return { length: to - filled, starts };
    if (marker !== 0xd0 + (starts.length - 1) % 8) return undefined;
    starts.push(to - filled);
  }
}
