import {
  type Code,
  i16x8,
  i32,
  i32x4,
  type Local,
  loop,
  repeat,
  type Routine,
  u8x16,
  when,
} from "../../engine/assemble.ts";
import { constant } from "./_constants.ts";
import { named } from "./_named.ts";

/** Bytes of what `paint` reads of a row: addresses of its luma, and of the nearer and the farther row of the first colour component. */
export const rowBytes = 12;

/** The arguments of `paint`. */
const paintParameters = [
  "rows",
  "rowsEnd",
  "second",
  "reads",
  "halved",
  "roundEven",
  "roundOdd",
  "sums",
  "colours",
  "between",
  "leftTo",
  "leftFrom",
  "rightTo",
  "rightFrom",
  "skip",
  "width",
  "to",
] as const;

const n = i32.const;
const low = [0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23], high = low.map((byte) => byte + 8);

/**
 * Makes RGB of luma and colour, as libjpeg does, bit for bit: colour at half the width or height by a triangle filter ("fancy upsampling": the nearer of two neighbours counts thrice), then
 * JFIF's equations with 16 bits of fraction.
 *
 * Arguments: the list of rows and its end; bytes from the first colour component to the second; columns of colour to read; whether the colour is halved across; the two
 * roundings of even and odd columns; room for a row of sums, and for two rows of colours, and bytes between those two; what the first and the last sum are copies of and where (address to, address from,
 * twice, from the row of sums); the first colour in the row of colours; columns to write; where they go.
 */
export const paint: Routine = {
  parameters: paintParameters.map(() => "i32"),
  body: (parameters, local) => {
    const p = named(paintParameters, (i) => parameters[i]!);
    const { reads, sums, colours, between, width, to } = p;
    const { row, i, near, far, out, luma, target, component, left } = named(
      ["row", "i", "near", "far", "out", "luma", "target", "component", "left"],
      () => local("i32"),
    );
    const { mid, thrice, even, odd, evens, odds, middle, y, cb, cr } = named(
      ["mid", "thrice", "even", "odd", "evens", "odds", "middle", "y", "cb", "cr"],
      () => local("v128"),
    );
    const { red, green, blue, reds, greens, blues } = named(
      ["red", "green", "blue", "reds", "greens", "blues"],
      () => local("v128"),
    );
    /** 3 near + far of a row: four times the colour where there is but one row. */
    const sumRow: Code = [
      ...loop(i, n(0), reads.get, 8, [
        ...mid.set(i16x8.loadBytes(i32.add(near.get, i.get))),
        ...i16x8.store(
          i32.add(sums.get, i32.shl(i.get, n(1))),
          i16x8.add(
            i16x8.add(mid.get, i16x8.shl(mid.get, 1)),
            i16x8.loadBytes(i32.add(far.get, i.get)),
          ),
        ),
      ]),
      ...i32.store16(p.leftTo.get, i32.loadUint16(p.leftFrom.get)),
      ...i32.store16(p.rightTo.get, i32.loadUint16(p.rightFrom.get)),
    ];
    const spreadRow: Code = [
      ...target.set(out.get),
      ...loop(i, n(0), i32.shl(reads.get, n(1)), 16, [
        ...left.set(i32.add(sums.get, i.get)),
        ...mid.set(i16x8.load(left.get)),
        ...thrice.set(i16x8.add(mid.get, i16x8.shl(mid.get, 1))),
        ...even.set(i16x8.add(i16x8.add(thrice.get, i16x8.load(i32.sub(left.get, n(2)))), evens.get)),
        ...odd.set(i16x8.add(i16x8.add(thrice.get, i16x8.load(left.get, 2)), odds.get)),
        ...even.set(i16x8.sub(i16x8.shiftRight(even.get, 4), middle.get)),
        ...odd.set(i16x8.sub(i16x8.shiftRight(odd.get, 4), middle.get)),
        ...i16x8.store(target.get, u8x16.shuffle(even.get, odd.get, low)),
        ...i16x8.store(target.get, u8x16.shuffle(even.get, odd.get, high), 16),
        ...target.add(n(32)),
      ]),
    ];
    const takeRow: Code = [
      ...target.set(out.get),
      ...loop(i, n(0), i32.shl(reads.get, n(1)), 16, [
        ...mid.set(i16x8.shiftRight(i16x8.load(i32.add(sums.get, i.get)), 2)),
        ...i16x8.store(target.get, i16x8.sub(mid.get, middle.get)),
        ...target.add(n(16)),
      ]),
    ];
    /** The 16 bits of fraction of libjpeg's products, from 15: for each of the 256 differences from grey the same (tried one by one). */
    const product = (a: Local, b: number): Code =>
      i16x8.multiplyRounded(a.get, constant(new Array(8).fill(b)));
    const greenPart: Code = (() => {
      const half = (zip: readonly number[]) =>
        i32x4.shiftRight(
          i32x4.add(
            i32x4.dot(
              u8x16.shuffle(cb.get, cr.get, zip),
              constant([-22554, 18734, -22554, 18734, -22554, 18734, -22554, 18734]), // 0.34414 and 1 - 0.71414
            ),
            constant([0, 1, 2, 3].flatMap(() => [-32768, 0])), // 2^15
          ),
          16,
        );
      return i16x8.sub(i16x8.from(half(low), half(high)), cr.get);
    })();
    const eight = (offset: 0 | 16, of: Code): Code => [
      ...cb.set(i16x8.load(target.get, offset)),
      ...cr.set(i16x8.load(i32.add(target.get, between.get), offset)),
      ...red.set(i16x8.add(of, i16x8.add(cr.get, product(cr, 13173)))), // 1.402
      ...green.set(i16x8.add(of, greenPart)),
      ...blue.set(i16x8.add(of, i16x8.add(i16x8.shl(cb.get, 1), product(cb, -7471)))), // 1.772
    ];
    // Byte b of the output is pixel b / 3, component b % 3. The places are set once: shuffles have theirs put together at every use.
    const components = [reds, greens, blues];
    const placed = [0, 1, 2].map((part) =>
      components.map((_, component) => ({
        places: local("v128"),
        lanes: Array.from({ length: 16 }, (_, byte) => {
          const at = 16 * part + byte;
          return at % 3 === component ? Math.floor(at / 3) : 0x80;
        }),
      }))
    );
    const setPlaces = placed.flat().flatMap(({ places, lanes }) => places.set(u8x16.const(lanes)));
    const interleave = (part: number): Code => {
      const [first, second, third] = placed[part]!.map(({ places }, i) =>
        u8x16.swizzle(components[i]!.get, places.get)
      ) as [Code, Code, Code];
      return u8x16.store(out.get, u8x16.or(u8x16.or(first, second), third), 16 * part);
    };
    const paintRow: Code = [
      ...out.set(to.get),
      ...loop(i, n(0), width.get, 16, [
        ...target.set(i32.add(i32.add(colours.get, p.skip.get), i32.shl(i.get, n(1)))),
        ...y.set(u8x16.load(i32.add(luma.get, i.get))),
        ...eight(0, i16x8.low(y.get)),
        ...[...reds.set(red.get), ...greens.set(green.get), ...blues.set(blue.get)],
        ...eight(16, i16x8.high(y.get)),
        ...reds.set(u8x16.from(reds.get, red.get)),
        ...greens.set(u8x16.from(greens.get, green.get)),
        ...blues.set(u8x16.from(blues.get, blue.get)),
        ...[...interleave(0), ...interleave(1), ...interleave(2)],
        ...out.add(n(48)),
      ]),
      ...to.add(i32.mul(width.get, n(3))), // what was written beyond the row is overwritten by the next
    ];
    return [
      ...setPlaces,
      ...evens.set(i16x8.splat(p.roundEven.get)),
      ...odds.set(i16x8.splat(p.roundOdd.get)),
      ...middle.set(i16x8.splat(n(128))),
      ...loop(row, p.rows.get, p.rowsEnd.get, rowBytes, [
        ...luma.set(i32.load(row.get)),
        ...near.set(i32.load(row.get, 4)),
        ...far.set(i32.load(row.get, 8)),
        ...out.set(colours.get),
        ...component.set(n(2)),
        ...repeat([
          ...sumRow,
          ...when(p.halved.get, spreadRow),
          ...when(i32.isZero(p.halved.get), takeRow),
          ...near.add(p.second.get),
          ...far.add(p.second.get),
          ...out.add(between.get),
          ...component.add(n(-1)),
        ], component.get),
        ...paintRow,
      ]),
    ];
  },
};
