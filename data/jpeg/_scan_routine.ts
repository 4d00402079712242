import {
  type Code,
  i16x8,
  i32,
  i64,
  loop,
  repeat,
  type Routine,
  u8x16,
  when,
} from "../../engine/assemble.ts";
import { endOfBlock, entryParts, firstBits, skipsAt, valuesAt } from "./_huffman.ts";
import { idct } from "./_idct.ts";
import { named } from "./_named.ts";

/** Bytes of what `scan` reads of a block of a minimum coded unit. */
export const blockBytes = 32;
/** Its fields, 32 bits each. */
export const blockFields = {
  /** Addresses of the tables. */
  dc: 0,
  ac: 4,
  /** For k = 0, 1, ... of the zigzag: quantiser in the low, twice the place in the block in the high 16 bits. */
  quantisation: 8,
  /** Address of the last value of the component's DC. */
  last: 12,
  /** Address of the block in the window's first unit, and bytes from row to row, from unit to unit, from row to row of units. */
  plane: 16,
  stride: 20,
  across: 24,
  down: 28,
} as const;
/** Entries of a quantisation table: coefficients beyond 63 go nowhere. */
export const quantisationEntries = 64 + endOfBlock;
/** Where the coefficients of a block lie (all 0 before and after), and what lies beyond the last. */
export const scratchAt = 512, scratchBytes = 128 + 16;

/** The arguments of `scan`. */
const scanParameters = [
  "stream",
  "position",
  "end",
  "count",
  "column",
  "row",
  "inRow",
  "fromColumn",
  "toColumn",
  "fromRow",
  "toRow",
  "blocks",
  "blocksEnd",
  "result",
] as const;

const n = i32.const;

/**
 * Decodes minimum coded units, and transforms those in a window into planes. Arguments: where the stream ends (its bytes lie backwards: the first is the last before that address, so that
 * eight at once are 64 bits in order), the bit to begin at and the bit to end at, how many units, column and row of the first, units in a row, the window (columns from, to, rows from, to), the list of a
 * unit's blocks and its end, and where to say which bit comes next and whether all codes were known (0).
 */
export const scan: Routine = {
  parameters: scanParameters.map(() => "i32"),
  body: (parameters, local) => {
    const p = named(scanParameters, (i) => parameters[i]!);
    const { position, column, row } = p;
    const scratch = n(scratchAt);
    const { unit, block, inside, entry, k, next, table, quantisation, place, product, range, bad, to } =
      named(
        [
          ...["unit", "block", "inside", "entry", "k", "next", "table"] as const,
          ...["quantisation", "place", "product", "range", "bad", "to"] as const,
        ],
        () => local("i32"),
      );
    const bits = local("i64"), ahead = local("i64"), sign = local("i64"), flat = local("v128");
    const field = (name: keyof typeof blockFields) => i32.load(block.get, blockFields[name]);
    /** Makes `bits` hold 57 at least, from its top: two codes with their values take 53 at most. */
    const refill = bits.set(i64.shl(
      i64.load(i32.sub(i32.sub(p.stream.get, n(8)), i32.shiftRight(position.get, n(3)))),
      i64.from(i32.and(position.get, n(7))),
    ));
    /** The entry for the next bits in one of a table's lists of 4 bytes each. */
    const entryBy = (at: number): Code =>
      i32.load(
        i32.add(
          table.get,
          i32.and(i64.low(i64.shiftRight(bits.get, i64.const(62 - firstBits))), n((1 << firstBits) - 1 << 2)),
        ),
        at,
      );
    const take: Code = [
      ...bits.set(i64.shl(bits.get, i64.from(entry.get))), // by its low six bits
      ...position.add(i32.and(entry.get, n(63))),
    ];
    /** Four times the steps in the zigzag that an entry makes. */
    const steps = i32.and(i32.shiftRight(entry.get, n(6)), n(0x3fc));
    /** The entry of a code that is too long for the list of values, made of its bits (T.81, EXTEND): values that begin with 0 are the complement of a negative one. */
    const longEntry: Code = [
      ...entry.set(entryBy(0)),
      ...when(
        i32.less(entry.get, n(0)),
        entry.set(i32.load(i32.sub(
          i32.add(table.get, i32.and(i64.low(i64.shiftRight(bits.get, i64.const(46))), n(0xfc))),
          i32.shl(entry.get, n(2)),
        ))),
      ),
      ...ahead.set(i64.shl(bits.get, i64.from(i32.shiftRight(entry.get, n(entryParts.code))))),
      ...sign.set(i64.xor(i64.shiftRightSigned(ahead.get, i64.const(63)), i64.const(-1))),
      ...entry.set(i32.or(
        i32.or(
          i32.and(entry.get, n(63)),
          i32.and(i32.shiftRight(entry.get, n(entryParts.run - 8)), n(0xff00)),
        ),
        i32.shl(
          i32.sub(
            i32.xor(
              i64.low(i64.shiftRight(
                i64.shiftRight(i64.xor(ahead.get, sign.get), i64.const(1)),
                i64.from(i32.shiftRight(entry.get, n(entryParts.value))),
              )),
              i64.low(sign.get),
            ),
            i64.low(sign.get),
          ),
          n(16),
        ),
      )),
    ];
    const valueEntry: Code = [
      ...entry.set(entryBy(valuesAt)),
      ...when(i32.isZero(entry.get), longEntry),
    ];
    const dequantise = (value: Code): Code => [
      ...place.set(i32.load(i32.add(quantisation.get, k.get))),
      ...product.set(i32.mul(value, i32.and(place.get, n(0xffff)))),
      ...i32.store16(i32.shiftRight(place.get, n(16)), product.get, scratchAt),
      // No picture has more than 13 bits here; beyond them decoders differ.
      ...range.set(i32.or(range.get, i32.add(product.get, n(1 << 13)))),
      ...k.add(n(4)),
    ];
    const valueOfEntry = i32.shiftRightSigned(entry.get, n(16));
    const coefficient: Code = [...valueEntry, ...take, ...k.add(steps), ...dequantise(valueOfEntry)];
    /** Passes as many codes at once as the list has for the next bits, or one. */
    const skip: Code = [
      ...entry.set(entryBy(skipsAt)),
      ...next.set(i32.add(k.get, steps)),
      ...when(i32.and(next.get, n(4 * 64)), [ // too long a code, or too many for the block
        ...valueEntry,
        ...next.set(i32.add(i32.add(k.get, steps), n(4))),
      ]),
      ...take,
      ...k.set(next.get),
    ];
    const moreOfBlock = i32.less(k.get, n(4 * 64));
    const allOf = (step: Code): Code =>
      repeat([...step, ...when(moreOfBlock, [...refill, ...step])], moreOfBlock);
    const coefficients: Code = [
      ...table.set(field("dc")),
      ...refill,
      ...valueEntry,
      ...take,
      ...bad.set(i32.or(bad.get, steps)),
      ...product.set(i32.add(valueOfEntry, i32.load(field("last")))),
      ...i32.store(field("last"), product.get),
      ...table.set(field("ac")),
      ...when(inside.get, [
        ...quantisation.set(field("quantisation")),
        ...k.set(n(0)),
        ...dequantise(product.get),
        ...allOf(coefficient),
      ]),
      ...when(i32.isZero(inside.get), [...k.set(n(4)), ...allOf(skip)]),
      // 64 after the last coefficient, more than the mark of the end after that: what lies between ran out of the block.
      ...bad.set(i32.or(
        bad.get,
        i32.and(i32.more(k.get, n(4 * 64)), i32.less(k.get, n(4 * (endOfBlock + 1)))),
      )),
    ];
    /** Where k stands when the mark of the end was the first code after the mean. */
    const meanOnly = 4 * (1 + endOfBlock + 1);
    /** What the transform comes to then: (mean + 4) / 8 + 128 everywhere. */
    const flatBlock: Code = [
      ...flat.set(i16x8.shiftRight(
        i16x8.add(i16x8.splat(i32.loadUint16(scratch)), i16x8.splat(n(4))),
        3,
      )),
      ...flat.set(u8x16.add(u8x16.fromSigned(flat.get, flat.get), u8x16.splat(n(128)))),
      ...Array.from({ length: 8 }, (_, row) => [
        ...u8x16.storeHalf(to.get, flat.get, 0),
        ...(row < 7 ? to.add(field("stride")) : []),
      ]).flat(),
    ];
    const draw: Code = [
      ...to.set(i32.add(
        field("plane"),
        i32.add(
          i32.mul(i32.sub(column.get, p.fromColumn.get), field("across")),
          i32.mul(i32.sub(row.get, p.fromRow.get), field("down")),
        ),
      )),
      ...when(i32.equal(k.get, n(meanOnly)), flatBlock),
      ...when(i32.isZero(i32.equal(k.get, n(meanOnly))), idct(scratch, to, field("stride"), local)),
      ...flat.set(i16x8.splat(n(0))),
      ...Array.from({ length: 8 }, (_, r) => i16x8.store(scratch, flat.get, 16 * r)).flat(),
    ];
    return [
      ...loop(unit, n(0), p.count.get, 1, [
        ...inside.set(i32.and(
          i32.and(i32.atLeast(column.get, p.fromColumn.get), i32.less(column.get, p.toColumn.get)),
          i32.and(i32.atLeast(row.get, p.fromRow.get), i32.less(row.get, p.toRow.get)),
        )),
        ...loop(block, p.blocks.get, p.blocksEnd.get, blockBytes, [
          ...coefficients,
          ...when(inside.get, draw),
        ]),
        ...column.add(n(1)),
        ...when(i32.equal(column.get, p.inRow.get), [...column.set(n(0)), ...row.add(n(1))]),
        // No unit takes more than the room behind the stream: what runs past its end is noticed here.
        ...bad.set(i32.or(
          i32.or(bad.get, i32.shiftRight(range.get, n(14))),
          i32.more(position.get, p.end.get),
        )),
        ...when(bad.get, unit.set(p.count.get)),
      ]),
      ...i32.store(p.result.get, position.get),
      ...i32.store(p.result.get, bad.get, 4),
    ];
  },
};
