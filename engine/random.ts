/**
 * A seeded stream of random numbers. Every random choice of the toolkit is drawn from one that is passed in:
 * nothing draws from `Math.random`.
 */
export interface Random {
  /** A float in [0, 1) with 32 random bits. */
  next(): number;
  /** An integer in [0, n). Throws a RangeError unless n is a positive integer. */
  integer(n: number): number;
  /** A draw from the standard normal distribution. */
  normal(): number;
  /** A shuffled copy (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[];
  /** An independent stream that depends on this stream's seed and the label, not on what was drawn before. */
  fork(label: string | number): Random;
  /** Where the stream stands, four integers: for a checkpoint. */
  state(): readonly number[];
  /** Goes on from where `state` was taken of a stream of the same seed. Throws a RangeError unless it is four integers. */
  restore(state: readonly number[]): void;
}

/**
 * A stream of random numbers (sfc32, Doty-Humphrey 2010) that is the same on every machine and engine.
 *
 * @param seed A number or text; different seeds give independent streams.
 *
 * @example
 * ```ts
 * import { seededRandom } from "@macro2micro/mer/engine";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(seededRandom(7).next(), seededRandom(7).next());
 * ```
 */
export function seededRandom(seed: number | string): Random {
  const name = String(seed);
  let [a, b, c, counter] = [hash(name, 1), hash(name, 2), hash(name, 3), 1];
  const bits = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) bits(); // sfc32 needs a dozen rounds before its first number is well mixed
  const next = () => bits() / 2 ** 32;
  const integer = (n: number) => {
    if (!Number.isInteger(n) || n < 1) {
      throw new RangeError(
        `Cannot draw an integer: n must be a positive integer, current value is ${n}`,
      );
    }
    return Math.floor(next() * n);
  };
  return {
    next,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    shuffle<T>(items: readonly T[]): T[] {
      const copy = [...items];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
      }
      return copy;
    },
    fork: (label) => seededRandom(`${name}/${label}`),
    state: () => [a, b, c, counter],
    restore: (state) => {
      if (state.length !== 4 || !state.every((n) => Number.isInteger(n))) {
        throw new RangeError(`Cannot restore a stream: its state must be four integers, found ${state}`);
      }
      [a, b, c, counter] = state as [number, number, number, number];
    },
  };
}

/** FNV-1a with a final avalanche (MurmurHash3's), one of several by `salt`. */
function hash(text: string, salt: number): number {
  let h = 2166136261 ^ Math.imul(salt, 0x9e3779b1);
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 16777619);
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}
