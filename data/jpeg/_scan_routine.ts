import {
  type Code,
  i16x8,
  i32,
  i64,
  type Local,
  loop,
  repeat,
  type Routine,
  u8x16,
  when,
} from "../../engine/assemble.ts";
import { endOfBlock, entryParts } from "./_huffman.ts";
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
/** Bytes for the coefficients of a block, and what lies beyond the last. */
export const scratchBytes = 128 + 16;

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
  "scratch",
  "result",
] as const;

const n = i32.const;

/**
 * Decodes minimum coded units, and transforms those in a window into planes. Arguments: where the stream is (32-bit words of big-endian bits), the bit to begin
 * at and the bit to end at, how many units, column and row of the first, units in a row, the window (columns from, to, rows from, to), the list of a
 * unit's blocks and its end, room for a block (all 0), and where to say which bit comes next and whether all codes were known (0).
 */
export const scan: Routine = {
  parameters: scanParameters.map(() => "i32"),
  body: (parameters, local) => {
    const p = named(scanParameters, (i) => parameters[i]!);
    const { column, row, scratch } = p;
    const {
      unit,
      block,
      inside,
      word,
      valid,
      entry,
      k,
      table,
      quantisation,
      place,
      value,
      product,
      bad,
      to,
    } = named(
      [
        "unit",
        "block",
        "inside",
        "word",
        "valid",
        "entry",
        "k",
        "table",
        "quantisation",
        "place",
        "value",
        "product",
        "bad",
        "to",
      ],
      () => local("i32"),
    );
    const bits = local("i64"), ahead = local("i64"), sign = local("i64"), flat = local("v128");
    const field = (name: keyof typeof blockFields) => i32.load(block.get, blockFields[name]);
    /** How many bits were taken. */
    const taken = i32.sub(i32.shl(i32.sub(word.get, p.stream.get), n(3)), valid.get);
    /** Makes `bits` hold 32 at least, from its top. */
    const refill = when(i32.less(valid.get, n(32)), [
      ...bits.set(i64.or(
        bits.get,
        i64.shl(i64.loadUint32(word.get), i64.from(i32.sub(n(32), valid.get))),
      )),
      ...word.add(n(4)),
      ...valid.add(n(32)),
    ]);
    /** The entry of the next code; it and its value are taken from `bits`, which `ahead` keeps. */
    const look: Code = [
      ...refill,
      ...entry.set(i32.load(i32.add(
        table.get,
        i32.and(i64.low(i64.shiftRight(bits.get, i64.const(52))), n(0xffc)),
      ))),
      ...when(
        i32.less(entry.get, n(0)),
        entry.set(i32.load(i32.sub(
          i32.add(table.get, i32.and(i64.low(i64.shiftRight(bits.get, i64.const(46))), n(0xfc))),
          i32.shl(entry.get, n(2)),
        ))),
      ),
      ...ahead.set(bits.get),
      ...bits.set(i64.shl(bits.get, i64.from(entry.get))),
      ...valid.set(i32.sub(valid.get, i32.and(entry.get, n(63)))),
    ];
    /** The bits after the code (T.81, EXTEND): those that begin with 0 are the complement of a negative value. */
    const readValue: Code = [
      ...ahead.set(i64.shl(ahead.get, i64.from(i32.shiftRight(entry.get, n(entryParts.code))))),
      ...sign.set(i64.xor(i64.shiftRightSigned(ahead.get, i64.const(63)), i64.const(-1))),
      ...value.set(i32.sub(
        i32.xor(
          i64.low(i64.shiftRight(
            i64.shiftRight(i64.xor(ahead.get, sign.get), i64.const(1)),
            i64.from(i32.shiftRight(entry.get, n(entryParts.value))),
          )),
          i64.low(sign.get),
        ),
        i64.low(sign.get),
      )),
    ];
    const dequantise: Code = [
      ...place.set(i32.load(i32.add(quantisation.get, i32.shl(k.get, n(2))))),
      ...product.set(i32.mul(value.get, i32.and(place.get, n(0xffff)))),
      ...i32.store16(i32.add(scratch.get, i32.shiftRight(place.get, n(16))), product.get),
      // No picture has more than 13 bits here; beyond them decoders differ.
      ...bad.set(i32.or(bad.get, i32.shiftRight(i32.add(product.get, n(1 << 13)), n(14)))),
    ];
    const run = i32.shiftRight(entry.get, n(entryParts.run));
    const moreOfBlock = i32.less(k.get, n(64));
    const coefficients: Code = [
      ...table.set(field("dc")),
      ...look,
      ...bad.set(i32.or(bad.get, run)),
      ...readValue,
      ...value.set(i32.add(value.get, i32.load(field("last")))),
      ...i32.store(field("last"), value.get),
      ...table.set(field("ac")),
      ...k.set(n(0)),
      ...when(inside.get, [
        ...quantisation.set(field("quantisation")),
        ...dequantise,
        ...k.set(n(1)),
        ...repeat([...look, ...k.add(run), ...readValue, ...dequantise, ...k.add(n(1))], moreOfBlock),
      ]),
      ...when(i32.isZero(inside.get), [
        ...k.set(n(1)),
        ...repeat([...look, ...k.add(i32.add(run, n(1)))], moreOfBlock),
      ]),
      // 64 after the last coefficient, more than the mark of the end after that: what lies between ran out of the block.
      ...bad.set(i32.or(bad.get, i32.and(i32.more(k.get, n(64)), i32.less(k.get, n(endOfBlock))))),
    ];
    /** Where k stands when the mark of the end was the first code after the mean. */
    const meanOnly = 1 + endOfBlock + 1;
    /** What the transform comes to then: (mean + 4) / 8 + 128 everywhere. */
    const flatBlock: Code = [
      ...flat.set(i16x8.shiftRight(
        i16x8.add(i16x8.splat(i32.loadUint16(scratch.get)), i16x8.splat(n(4))),
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
      ...when(i32.isZero(i32.equal(k.get, n(meanOnly))), idct(scratch.get, to, field("stride"), local)),
      ...flat.set(i16x8.splat(n(0))),
      ...Array.from({ length: 8 }, (_, r) => i16x8.store(scratch.get, flat.get, 16 * r)).flat(),
    ];
    return [
      ...word.set(i32.add(p.stream.get, i32.and(i32.shiftRight(p.position.get, n(3)), n(~3)))),
      ...bits.set(
        i64.shl(i64.loadUint32(word.get), i64.from(i32.add(n(32), i32.and(p.position.get, n(31))))),
      ),
      ...valid.set(i32.sub(n(32), i32.and(p.position.get, n(31)))),
      ...word.add(n(4)),
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
        ...bad.set(i32.or(bad.get, i32.more(taken, p.end.get))),
        ...when(bad.get, unit.set(p.count.get)),
      ]),
      ...i32.store(p.result.get, taken),
      ...i32.store(p.result.get, bad.get, 4),
    ];
  },
};

/** Turns each four bytes round, sixteen at a time. Arguments: from where, to where (may be the same), the end of from. */
export const swapWords: Routine = {
  parameters: ["i32", "i32", "i32"],
  body: (parameters, local) => {
    const [from, to, end] = parameters as [Local, Local, Local], at = local("i32");
    const words = Array.from({ length: 16 }, (_, byte) => (byte & ~3) + 3 - (byte & 3));
    return [
      ...loop(at, from.get, end.get, 16, [
        ...u8x16.store(to.get, u8x16.shuffle(u8x16.load(at.get), u8x16.load(at.get), words)),
        ...to.add(n(16)),
      ]),
    ];
  },
};
