import { type Random, seededRandom } from "../../../engine/random.ts";

/**
 * Learns a codebook of binary vectors: k-means over the vectors that occur, each weighing as often as it does, from k-means++ starts drawn from the seed. There are
 * only 2^P different vectors, so that the whole data are a histogram.
 *
 * @param weights How often each of the 2^P vectors occurs.
 * @param words How many words; fewer where fewer vectors occur.
 * @returns The word of each vector; vectors that do not occur go to the nearest word too.
 *
 * @example
 * ```ts
 * import { learnCodebook } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 *
 * // Two heaps, around 0000 and around 1111: everything falls to the nearer one.
 * const weights = new Float64Array(16);
 * weights[0b0000] = 9, weights[0b0001] = 2, weights[0b1111] = 8, weights[0b1011] = 1;
 * const words = learnCodebook(weights, 2, 1);
 * assertEquals([words[0b0010] === words[0b0000], words[0b0111] === words[0b1111]], [true, true]);
 * ```
 */
export function learnCodebook(weights: Float64Array, words: number, seed: number): Int32Array {
  const bits = Math.log2(weights.length);
  if (!Number.isInteger(bits)) {
    throw new RangeError(`Cannot learn a codebook: there must be 2^P weights, found ${weights.length}`);
  }
  const seen = [...weights.keys()].filter((code) => weights[code]! > 0);
  const centres = start(seen, weights, bits, Math.min(words, seen.length), seededRandom(seed));
  const of = new Int32Array(weights.length);
  for (let round = 0; round < 100; round++) {
    let moved = false;
    for (let code = 0; code < of.length; code++) {
      const word = nearest(code, centres, bits);
      if (word !== of[code]) [of[code], moved] = [word, true];
    }
    if (!moved && round > 0) break;
    centres.forEach((centre, word) => {
      const mine = seen.filter((code) => of[code] === word);
      const all = mine.reduce((sum, code) => sum + weights[code]!, 0);
      if (all === 0) return; // a word without vectors stays where it is
      for (let p = 0; p < bits; p++) {
        centre[p] = mine.reduce((sum, code) => sum + weights[code]! * (code >> p & 1), 0) / all;
      }
    });
  }
  return of;
}

function distance(code: number, centre: Float64Array, bits: number): number {
  let sum = 0;
  for (let p = 0; p < bits; p++) sum += ((code >> p & 1) - centre[p]!) ** 2;
  return sum;
}

function nearest(code: number, centres: readonly Float64Array[], bits: number): number {
  let best = Infinity, word = 0;
  centres.forEach((centre, w) => {
    const d = distance(code, centre, bits);
    if (d < best) [best, word] = [d, w];
  });
  return word;
}

/** k-means++ (Arthur & Vassilvitskii 2007): each further start with a probability that grows with its distance from those before. */
function start(
  seen: readonly number[],
  weights: Float64Array,
  bits: number,
  words: number,
  random: Random,
): Float64Array[] {
  const centres: Float64Array[] = [];
  const vector = (code: number) => Float64Array.from({ length: bits }, (_, p) => code >> p & 1);
  while (centres.length < words) {
    const parts = seen.map((code) =>
      weights[code]! *
      (centres.length === 0 ? 1 : Math.min(...centres.map((centre) => distance(code, centre, bits))))
    );
    let rest = random.next() * parts.reduce((a, b) => a + b, 0);
    const at = parts.findIndex((part) => (rest -= part) < 0);
    centres.push(vector(seen[at < 0 ? parts.findLastIndex((part) => part > 0) : at]!));
  }
  return centres;
}
