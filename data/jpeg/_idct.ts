import { constant } from "./_constants.ts";
import { type Code, i16x8, i32x4, type Local, type types, u8x16 } from "../../engine/assemble.ts";

type MakeLocal = (type: keyof typeof types) => Local;

/** The constants of Loeffler, Ligtenberg and Moschytz (1989), 13 bits of fraction. */
const [k0_298, k0_390, k0_541, k0_765, k0_899, k1_175] = [2446, 3196, 4433, 6270, 7373, 9633];
const [k1_501, k1_847, k1_961, k2_053, k2_562, k3_072] = [12299, 15137, 16069, 16819, 20995, 25172];

/** Bytes of a vector of eight 16-bit lanes by turns with those of another: the lower four lanes of each, or the upper four. */
const zipLow = [0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23];
const zipHigh = zipLow.map((byte) => byte + 8);

/**
 * The inverse transform of a block of 8 x 8 dequantised coefficients, in whole numbers and bit for bit as libjpeg's accurate one (JDCT_ISLOW): eight columns at
 * once, then eight rows, two bits of fraction kept between. Sums of 16 bits wrap, as in its SIMD versions; no picture's do. Writes eight bytes, 128 added, into each of eight rows of a plane.
 *
 * @param block The address of 64 coefficients of 16 bits, row by row.
 * @param to The address of the block in its plane; used up.
 * @param stride Bytes from row to row of the plane.
 */
export function idct(block: Code, to: Local, stride: Code, local: MakeLocal): Code {
  const make = (n: number) => Array.from({ length: n }, () => local("v128"));
  const v = make(8), spare = make(16), names = make(10);
  return [
    ...v.flatMap((row, r) => row.set(i16x8.load(block, 16 * r))),
    ...pass(v, spare, names, 11),
    ...transpose(v, spare),
    ...pass(v, spare, names, 18),
    ...storeColumns(v, spare, to, stride),
  ];
}

/** One dimension over eight vectors, in place; `bits` of fraction are rounded away. */
function pass(v: readonly Local[], out: readonly Local[], names: readonly Local[], bits: number): Code {
  const [z3, z4, zipped, sum, even0, even1, even2, even3, odd0, odd1] = names as [
    ...[Local, Local, Local, Local, Local],
    ...[Local, Local, Local, Local, Local],
  ];
  const [v0, v1, v2, v3, v4, v5, v6, v7] = v.map(({ get }) => get) as [
    ...[Code, Code, Code, Code],
    ...[Code, Code, Code, Code],
  ];
  const half16 = 1 << (bits - 1), [low16, high16] = [half16 << 16 >> 16, half16 >> 16];
  const rounding = constant([0, 1, 2, 3].flatMap(() => [low16, high16]));
  const half = (zip: readonly number[], to: readonly Local[]): Code => {
    const extend = zip === zipLow ? i32x4.lowSigned : i32x4.highSigned;
    // Each pair of inputs lies lane by lane in `zipped`; a dot product makes a x + b y of it.
    const pair = (x: Code, y: Code) => zipped.set(u8x16.shuffle(x, y, zip));
    const dot = (a: number, b: number) => i32x4.dot(zipped.get, constant([a, b, a, b, a, b, a, b]));
    const butterfly = (k: number, even: Code, odd: Code): Code => [
      ...sum.set(even),
      ...to[k]!.set(i32x4.shiftRight(i32x4.add(sum.get, odd), bits)),
      ...to[7 - k]!.set(i32x4.shiftRight(i32x4.sub(sum.get, odd), bits)),
    ];
    return [
      // Every output has one of these two, so the rounding goes in here.
      ...even0.set(i32x4.add(i32x4.shl(extend(i16x8.add(v0, v4)), 13), rounding)),
      ...even1.set(i32x4.add(i32x4.shl(extend(i16x8.sub(v0, v4)), 13), rounding)),
      ...pair(v2, v6),
      ...even2.set(dot(k0_541, k0_541 - k1_847)),
      ...even3.set(dot(k0_541 + k0_765, k0_541)),
      ...pair(z3.get, z4.get),
      ...odd0.set(dot(k1_175 - k1_961, k1_175)),
      ...odd1.set(dot(k1_175, k1_175 - k0_390)),
      ...pair(v7, v1),
      ...butterfly(
        0,
        i32x4.add(even0.get, even3.get),
        i32x4.add(odd1.get, dot(-k0_899, k1_501 - k0_899)),
      ),
      ...butterfly(
        3,
        i32x4.sub(even0.get, even3.get),
        i32x4.add(odd0.get, dot(k0_298 - k0_899, -k0_899)),
      ),
      ...pair(v5, v3),
      ...butterfly(
        1,
        i32x4.add(even1.get, even2.get),
        i32x4.add(odd0.get, dot(-k2_562, k3_072 - k2_562)),
      ),
      ...butterfly(
        2,
        i32x4.sub(even1.get, even2.get),
        i32x4.add(odd1.get, dot(k2_053 - k2_562, -k2_562)),
      ),
    ];
  };
  const [low, high] = [out.slice(0, 8), out.slice(8)];
  return [
    ...z3.set(i16x8.add(v7, v3)),
    ...z4.set(i16x8.add(v5, v1)),
    ...half(zipLow, low),
    ...half(zipHigh, high),
    ...v.flatMap((vector, k) => vector.set(i16x8.from(low[k]!.get, high[k]!.get))),
  ];
}

/** Rows to columns: lanes of 16 bits, pairs of them, fours of them by turns. */
function transpose(v: readonly Local[], spare: readonly Local[]): Code {
  const stage = (from: readonly Local[], to: readonly Local[], unit: number): Code => {
    // Vectors that differ in one bit of their number change halves of `2 unit` bytes.
    const low: number[] = [], high: number[] = [];
    for (let byte = 0; byte < 16; byte++) {
      const group = Math.floor(byte / (2 * unit)), second = byte % (2 * unit) >= unit;
      const lane = group * unit + byte % unit;
      low.push(second ? lane + 16 : lane);
      high.push(second ? lane + 24 : lane + 8);
    }
    return Array.from({ length: 4 }, (_, k) => [
      ...to[2 * k]!.set(u8x16.shuffle(from[k]!.get, from[k + 4]!.get, low)),
      ...to[2 * k + 1]!.set(u8x16.shuffle(from[k]!.get, from[k + 4]!.get, high)),
    ]).flat();
  };
  // Three times "zip the first half of the vectors with the second" is the transposition (a perfect shuffle of the index).
  const other = spare.slice(0, 8);
  return [
    ...stage(v, other, 2),
    ...stage(other, v, 2),
    ...stage(v, other, 2),
    ...v.flatMap((vector, k) => vector.set(other[k]!.get)),
  ];
}

/** The eight columns as bytes, turned into rows and stored. */
function storeColumns(v: readonly Local[], spare: readonly Local[], to: Local, stride: Code): Code {
  const zip = (a: Local, b: Local, unit: number, half: 0 | 1) =>
    u8x16.shuffle(
      a.get,
      b.get,
      Array.from({ length: 16 }, (_, byte) => {
        const second = byte % (2 * unit) >= unit;
        return half * 8 + Math.floor(byte / (2 * unit)) * unit + byte % unit + (second ? 16 : 0);
      }),
    );
  const pairs = spare.slice(0, 4), fours = spare.slice(4, 8), rows = spare.slice(8, 12);
  const within = Array.from({ length: 16 }, (_, byte) => (byte >> 1) + 8 * (byte & 1));
  return [
    // Two columns to a vector, then their bytes by turns: row r has its two bytes together.
    ...pairs.flatMap((pair, k) => [
      ...pair.set(u8x16.fromSigned(v[2 * k]!.get, v[2 * k + 1]!.get)),
      ...pair.set(
        u8x16.add(u8x16.shuffle(pair.get, pair.get, within), constant(new Array(8).fill(0x8080 << 16 >> 16))),
      ),
    ]),
    ...fours[0]!.set(zip(pairs[0]!, pairs[1]!, 2, 0)),
    ...fours[1]!.set(zip(pairs[0]!, pairs[1]!, 2, 1)),
    ...fours[2]!.set(zip(pairs[2]!, pairs[3]!, 2, 0)),
    ...fours[3]!.set(zip(pairs[2]!, pairs[3]!, 2, 1)),
    ...rows[0]!.set(zip(fours[0]!, fours[2]!, 4, 0)),
    ...rows[1]!.set(zip(fours[0]!, fours[2]!, 4, 1)),
    ...rows[2]!.set(zip(fours[1]!, fours[3]!, 4, 0)),
    ...rows[3]!.set(zip(fours[1]!, fours[3]!, 4, 1)),
    ...rows.flatMap((two, k) => [
      ...u8x16.storeHalf(to.get, two.get, 0),
      ...to.add(stride),
      ...u8x16.storeHalf(to.get, two.get, 1),
      ...(k < 3 ? to.add(stride) : []),
    ]),
  ];
}
