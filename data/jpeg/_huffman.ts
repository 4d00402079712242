import type { HuffmanSpec } from "./_header.ts";

/** Bits that one look-up reads; longer codes take a second one of six bits. */
export const firstBits = 10;

/** The most entries that a table takes: each of 256 codes may need 64 more. */
export const mostEntries = (1 << firstBits) + 256 * 64;

/** Bits by which the list of values is read, and that of skips. */
export const valueBits = 10, skipBits = 11;

/** Bytes from a table's codes to its list of values and to its list of skips, and of all three. */
export const valuesAt = 4 * mostEntries,
  skipsAt = valuesAt + (4 << valueBits),
  tableBytes = skipsAt + (4 << skipBits);

/** Where the parts of a code's entry begin: the bits of code and value together, those of the code, 63 less those of the value (six bits each), and the run of zeros before the value. */
export const entryParts = { total: 0, code: 6, value: 12, run: 20 } as const;

/** The run of a bit pattern that is no code: it leaves the block. */
const noCode = 64;
/** The run of "no more coefficients", which leaves it further: nothing else passes this. */
export const endOfBlock = 128;

/**
 * Lays a Huffman table out for look-up by the next bits of the stream (T.81, annex C), as three lists. Codes: a negative entry of the first 1024 is minus the place of 64 more. Values, for codes
 * that fit with their values: the bits of both (six bits), the run of zeros before it (from bit 8), the value (16 bits); else 0. Skips: all codes that fit together, the last one's value apart: the bits of all with
 * their values, and how many coefficients they are (from bit 8), `endOfBlock` more if they end the block; 64 if there is none.
 *
 * @param to Where the table goes, `tableBytes`.
 * @param ac Whether symbols are run and size, else size alone.
 * @returns Whether the counts make a prefix code.
 */
export function layTable(spec: HuffmanSpec, to: Int32Array, ac: boolean): boolean {
  const none = entryOf(1, 0, noCode);
  const values = to.subarray(valuesAt / 4, skipsAt / 4);
  to.fill(none, 0, 1 << firstBits);
  values.fill(0);
  let used = 1 << firstBits, code = 0, k = 0;
  for (let length = 1; length <= 16; length++, code <<= 1) {
    for (let i = 0; i < spec.counts[length - 1]!; i++, code++, k++) {
      if (code >= (1 << length) - 1) return false; // all ones is no code
      if (!ac && spec.symbols[k]! > 15) return false;
      const entry = symbolEntry(spec.symbols[k]!, length, ac) ?? none;
      layValues(entry, code, values);
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
  if (ac) laySkips(to);
  return true;
}

/** Every value that fits beside a code. */
function layValues(entry: number, code: number, to: Int32Array): void {
  const total = entry & 63, size = 63 - (entry >> entryParts.value & 63), run = entry >> entryParts.run;
  if (total > valueBits || run === noCode) return;
  const each = 1 << (valueBits - total), positive = 1 << size >> 1;
  for (let bits = 0, at = (code << size) * each; bits < 1 << size; bits++, at += each) {
    const value = bits < positive ? bits + 1 - (1 << size) : bits;
    to.fill(value << 16 | run << 8 | total, at, at + each);
  }
}

function laySkips(table: Int32Array): void {
  const skips = table.subarray(skipsAt / 4, tableBytes / 4), mask = (1 << skipBits) - 1;
  for (let bits = 0; bits <= mask; bits++) {
    let used = 0, steps = 0;
    while (used < skipBits) {
      const entry = table[(bits << used & mask) >> (skipBits - firstBits)]!;
      const run = entry >> entryParts.run, ends = run === endOfBlock;
      if (entry < 0 || run === noCode || (entry >> entryParts.code & 63) > skipBits - used) break;
      if (!ends && steps + run + 1 > 63) break;
      used += entry & 63;
      steps += ends ? endOfBlock : run + 1;
      if (ends) break;
    }
    skips[bits] = used === 0 ? 64 << 8 : steps << 8 | used;
  }
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
