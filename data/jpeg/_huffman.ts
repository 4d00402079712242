import type { HuffmanSpec } from "./_header.ts";

/** Bits that one look-up reads in each list of a table; longer codes take a second one of six bits. */
export const firstBits = 10;

/** The most entries that a table takes: each of 256 codes may need 64 more. */
export const mostEntries = (1 << firstBits) + 256 * 64;

/** Bytes from a table's codes to its list of values and to its list of skips, before which the shorter lists lie that it is made of, and of all. */
export const valuesAt = 4 * mostEntries,
  skipsAt = valuesAt + (4 << firstBits) + (4 << firstBits),
  tableBytes = skipsAt + (4 << firstBits);

/** Where the parts of a code's entry begin: the bits of code and value together, those of the code, 63 less those of the value (six bits each), and the run of zeros before the value. */
export const entryParts = { total: 0, code: 6, value: 12, run: 20 } as const;

/** The run of a bit pattern that is no code: it leaves the block. */
export const noCode = 64;
/** The run of "no more coefficients", which leaves it further: nothing else passes this. */
export const endOfBlock = 128;

/**
 * Lays a Huffman table's codes out for look-up by the next bits of the stream (T.81, annex C). A negative entry of the first 1024 is minus the place of 64 more.
 *
 * @param to Where the table goes.
 * @param ac Whether symbols are run and size, else size alone.
 * @returns Whether the counts make a prefix code.
 */
export function layTable(spec: HuffmanSpec, to: Int32Array, ac: boolean): boolean {
  const none = entryOf(1, 0, noCode);
  to.fill(none, 0, 1 << firstBits);
  let used = 1 << firstBits, code = 0, k = 0;
  for (let length = 1; length <= 16; length++, code <<= 1) {
    for (let i = 0; i < spec.counts[length - 1]!; i++, code++, k++) {
      if (code >= (1 << length) - 1) return false; // all ones is no code
      if (!ac && spec.symbols[k]! > 15) return false;
      const entry = symbolEntry(spec.symbols[k]!, length, ac) ?? none;
      if (length <= firstBits) {
        const shift = firstBits - length;
        to.fill(entry, code << shift, (code + 1) << shift);
        continue;
      }
      const first = code >> (length - firstBits);
      if (to[first]! > 0) {
        to[first] = -used;
        to.fill(none, used, used + 64);
        used += 64;
      }
      const shift = 16 - length, from = (code << shift & 63) - to[first]!;
      to.fill(entry, from, from + (1 << shift));
    }
  }
  return true;
}

function symbolEntry(symbol: number, length: number, ac: boolean): number | undefined {
  if (!ac) return symbol > 11 ? undefined : entryOf(length, symbol, 0);
  const run = symbol >> 4, size = symbol & 15;
  if (symbol === 0) return entryOf(length, 0, endOfBlock);
  // A run without a value is one of sixteen; others are of progressive files.
  return size > 10 || (size === 0 && run !== 15) ? undefined : entryOf(length, size, run);
}

function entryOf(length: number, size: number, run: number): number {
  const { code, value } = entryParts;
  return length + size | length << code | (63 - size) << value | run << entryParts.run;
}
