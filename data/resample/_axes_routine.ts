import {
  type Code,
  f32x4,
  i16x8,
  i32,
  i32x4,
  type Local,
  loop,
  type Routine,
  u8x16,
} from "../../engine/assemble.ts";

/** Bytes of two taps of an output row: where two input rows begin, and their weights, 16 bits each. */
export const rowTapBytes = 12;
/** A weight of 1 of a row. */
export const unit = 1 << 14;

/** Longer lists of columns are gone through in a loop, four at a time. */
export const mostUnrolled = 16;
/** The same for rows. */
const mostPairs = 5;

const n = i32.const;

/**
 * Sums rows in whole numbers into one row of floats, then its columns, four output places at a time, for each row of the output. It is made for pixels of so many bytes, so many pairs of rows to
 * an output row and so many columns to an output column: loops of two or three steps cost more than what is in them.
 *
 * Arguments: the list of the output rows' taps and its end; bytes in a row of the input; where the row of floats has its first column; where the columns begin that go before it, those that come
 * behind its last, and where these end; the list of where each output column begins in it, and its end; the list of their weights; where the output goes, and bytes in a row of
 * it. It multiplies, then adds, in order and never fused: the same bits on every machine.
 */
export function resample(channels: 1 | 3, pairs: number, taps: number): Routine {
  return {
    parameters: new Array(12).fill("i32"),
    body: (parameters, local) => {
      const [rows, rowsEnd, bytes, first, before, behind, end] = parameters as [
        ...[Local, Local, Local, Local],
        ...[Local, Local, Local],
      ];
      const [begins, beginsEnd, weights, out, outBytes] = parameters.slice(7) as [
        ...[Local, Local, Local, Local, Local],
      ];
      const row = local("i32"), half = local("v128"), order = local("v128");
      const lanes = Array.from({ length: 16 }, (_, i) => {
        const pixel = Math.floor(i / channels);
        return pixel < 4 ? 4 * pixel + i % channels : 0x80;
      });
      return [
        ...half.set(f32x4.const([0.5, 0.5, 0.5, 0.5])), // truncation then rounds
        ...order.set(u8x16.const(lanes)),
        ...loop(row, rows.get, rowsEnd.get, rowTapBytes * pairs, [
          ...sumRows(row, pairs, bytes, first, local),
          ...goOn(before, first, first, channels, local),
          ...goOn(behind, end, lessBy(behind, 4 * channels), channels, local),
          ...sumColumns({ begins, beginsEnd, weights, out, half, order }, channels, taps, local),
          ...out.add(outBytes.get),
        ]),
      ];
    },
  };
}

type MakeLocal = Parameters<Routine["body"]>[1];

const lessBy = (address: Local, less: number) => ({ get: i32.sub(address.get, n(less)) });

function sumRows(row: Local, pairs: number, bytes: Local, first: Local, local: MakeLocal): Code {
  const parts = [0, 1, 2, 3].map(() => local("v128"));
  const [one, other, both] = [local("v128"), local("v128"), local("v128")];
  const i = local("i32"), to = local("i32");
  // Bytes of two rows by turns, as 16-bit numbers: a dot product weighs both.
  const zipped = (half: 0 | 8): Code =>
    u8x16.shuffle(
      one.get,
      other.get,
      Array.from({ length: 16 }, (_, byte) => half + (byte >> 1) + 16 * (byte & 1)),
    );
  const sumHalf = (half: 0 | 8, weight: Local, [low, high]: readonly Local[]): Code => [
    ...both.set(zipped(half)),
    ...low!.set(i32x4.add(low!.get, i32x4.dot(i16x8.low(both.get), weight.get))),
    ...high!.set(i32x4.add(high!.get, i32x4.dot(i16x8.high(both.get), weight.get))),
  ];
  const sumPair = (at: Code, otherAt: Code, weight: Local): Code => [
    ...one.set(u8x16.load(i32.add(at, i.get))),
    ...other.set(u8x16.load(i32.add(otherAt, i.get))),
    ...sumHalf(0, weight, parts),
    ...sumHalf(8, weight, parts.slice(2)),
  ];
  const held = Array.from({ length: pairs > mostPairs ? 0 : pairs }, () => ({
    at: local("i32"),
    otherAt: local("i32"),
    weight: local("v128"),
  }));
  const hold = held.flatMap(({ at, otherAt, weight }, k) => [
    ...at.set(i32.load(row.get, rowTapBytes * k)),
    ...otherAt.set(i32.load(row.get, rowTapBytes * k + 4)),
    ...weight.set(f32x4.loadSplat(row.get, rowTapBytes * k + 8)),
  ]);
  const sumHeld = held.flatMap(({ at, otherAt, weight }) => sumPair(at.get, otherAt.get, weight));
  const sumMany = (): Code => {
    const tap = local("i32"), weight = local("v128");
    return loop(tap, row.get, i32.add(row.get, n(rowTapBytes * pairs)), rowTapBytes, [
      ...weight.set(f32x4.loadSplat(tap.get, 8)),
      ...sumPair(i32.load(tap.get), i32.load(tap.get, 4), weight),
    ]);
  };
  return [
    ...hold,
    ...to.set(first.get),
    ...loop(i, n(0), bytes.get, 16, [
      ...parts.flatMap((part) => part.set(f32x4.zero)),
      ...(pairs > mostPairs ? sumMany() : sumHeld),
      ...parts.flatMap((part, k) => f32x4.store(to.get, f32x4.from(part.get), 16 * k)),
      ...to.add(n(64)),
    ]),
  ];
}

/** Writes one column into all from `from` to `to`. */
function goOn(
  from: Local,
  to: Local,
  column: { readonly get: Code },
  channels: number,
  local: MakeLocal,
): Code {
  const at = local("i32"), values = Array.from({ length: channels }, () => local("i32"));
  return [
    ...values.flatMap((value, c) => value.set(i32.load(column.get, 4 * c))),
    ...loop(
      at,
      from.get,
      to.get,
      4 * channels,
      values.flatMap((value, c) => i32.store(at.get, value.get, 4 * c)),
    ),
  ];
}

function sumColumns(
  { begins, beginsEnd, weights, out, half, order }: Record<
    "begins" | "beginsEnd" | "weights" | "out" | "half" | "order",
    Local
  >,
  channels: 1 | 3,
  taps: number,
  local: MakeLocal,
): Code {
  const [group, weight, to, at, step] = [0, 1, 2, 3, 4].map(() => local("i32")) as [
    ...[Local, Local, Local, Local, Local],
  ];
  const four = local("v128"), sums = [0, 1, 2, 3].map(() => local("v128"));
  /** Up to four taps of one place; `place` counts in the unrolled ones. */
  const sumTaps = (sum: Local, count: number, place: number): Code =>
    Array.from({ length: count }, (_, k) =>
      sum.set(f32x4.add(
        sum.get,
        f32x4.mul(
          f32x4.shuffle(four.get, four.get, [k, k, k, k] as [number, number, number, number]),
          f32x4.load(at.get, 4 * channels * (place + k)),
        ),
      ))).flat();
  const unrolled = (sum: Local): Code =>
    Array.from({ length: Math.ceil(taps / 4) }, (_, v) => [
      ...four.set(f32x4.load(weight.get)),
      ...weight.add(n(16)),
      ...sumTaps(sum, Math.min(4, taps - 4 * v), 4 * v),
    ]).flat();
  const looped = (sum: Local): Code =>
    loop(step, n(0), n(taps), 4, [
      ...four.set(f32x4.load(weight.get)),
      ...weight.add(n(16)),
      ...sumTaps(sum, 4, 0),
      ...at.add(n(16 * channels)),
    ]);
  const [a, b, c, d] = sums.map(({ get }) => i32x4.truncate(get)) as [Code, Code, Code, Code];
  return [
    ...weight.set(weights.get),
    ...to.set(out.get),
    ...loop(group, begins.get, beginsEnd.get, 16, [
      ...sums.flatMap((sum, k) => [
        ...at.set(i32.load(group.get, 4 * k)),
        ...sum.set(half.get),
        ...(taps > mostUnrolled ? looped(sum) : unrolled(sum)),
      ]),
      // What is beyond the four is overwritten by the next ones.
      ...u8x16.store(to.get, u8x16.swizzle(u8x16.from(i16x8.from(a, b), i16x8.from(c, d)), order.get)),
      ...to.add(n(4 * channels)),
    ]),
  ];
}
