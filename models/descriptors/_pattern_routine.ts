import {
  type Code,
  f32x4,
  i16x8,
  i32,
  i32x4,
  i8x16,
  type Local,
  loop,
  type Routine,
  u8x16,
} from "../../engine/assemble.ts";
import { fineScale, type WholeWeights, wholeWeights } from "./_whole_weights.ts";

/** A place relative to a pixel, in pixels and frames. */
export type Offset = readonly [x: number, y: number, t: number];

/** Where things lie in the memory, in bytes. */
export interface Layout {
  /** T, h, w. */
  readonly frames: number;
  readonly height: number;
  readonly width: number;
  /** Pixels at the border that have not all neighbours. */
  readonly margin: { readonly x: number; readonly y: number; readonly t: number };
  /** Pixels from one frame to the next where an image row lies through all frames. */
  readonly rowStride: number;
  /** The clip's bytes, [t][y][x]. */
  readonly bytes: number;
  /** Pixels in pairs with their neighbours to the right or below, of one image row through all frames: by {@linkcode pairOf}. */
  readonly pairs: ReadonlyMap<string, number>;
  /** Byte offsets of the blocks of a pixel, by column and by frame. */
  readonly columns: number;
  readonly times: number;
  /** The counts of each pattern. */
  readonly counts: readonly number[];
  /** Where sixteen pixels are counted, for each pattern. */
  readonly places: number;
  /** Where sixteen bytes lie: read from memory they cost one load, as constants in the code several instructions at each use. */
  readonly constant: (value: Uint8Array | Int16Array) => number;
}

/**
 * What rounding may take from an interpolated value: a neighbour that equals the pixel but for this counts as equal. Grey values are whole numbers, and without
 * it a place between four pixels that cancel out, or of a surface of one grey, would fall to either side by chance.
 */
export const slack = 2 ** -10;

/** The whole part and the rest of a coordinate; what rounding left beside a whole number is dropped. */
export function split(coordinate: number): { whole: number; rest: number } {
  const nearest = Math.round(coordinate);
  if (Math.abs(coordinate - nearest) < 1e-6) return { whole: nearest, rest: 0 };
  return { whole: Math.floor(coordinate), rest: coordinate - Math.floor(coordinate) };
}

/** A neighbour between pixels: weighted pairs of pixels at one or two places. */
interface Between {
  /** Which pairs: x (a pixel and the one to the right) or y (and the one below), of which image row. */
  readonly pair: string;
  /** Where the pairs are, in pixels and frames. */
  readonly taps: readonly (readonly [x: number, t: number])[];
  /** For each tap that of the pixel and of its partner. */
  readonly weights: WholeWeights;
}

/** The pairs that a neighbour needs, by axis and image row; undefined for one on a whole place. */
export function pairOf(offset: Offset): { axis: "x" | "y"; row: number; name: string } | undefined {
  const [x, y, t] = offset.map(split) as [Split, Split, Split];
  if (x.rest + y.rest + t.rest === 0) return undefined;
  const axis = x.rest > 0 && y.rest === 0 ? "x" : "y";
  return { axis, row: y.whole, name: `${axis}${y.whole}` };
}

function between(offset: Offset): Between | undefined {
  const pair = pairOf(offset);
  if (pair === undefined) return undefined;
  const [x, y, t] = offset.map(split) as [Split, Split, Split];
  if (x.rest > 0 && y.rest > 0 && t.rest > 0) {
    throw new RangeError(`Cannot compare pixels with a neighbour between eight: its place is ${offset}`);
  }
  const alongX = pair.axis === "y" && x.rest > 0, second = alongX ? x.rest : t.rest;
  const first = pair.axis === "x" ? x.rest : y.rest;
  const near = [1 - first, first];
  const all = second > 0 ? [...near.map((w) => w * (1 - second)), ...near.map((w) => w * second)] : near;
  const taps = [
    [x.whole, t.whole],
    [x.whole + (alongX ? 1 : 0), t.whole + (alongX ? 0 : 1)],
  ] as const;
  return { pair: pair.name, taps: taps.slice(0, second > 0 ? 2 : 1), weights: wholeWeights(all) };
}

/**
 * Codes of all patterns for the pixels of one image row in all frames, sixteen pixels at a time, and their counting, in whole numbers. A neighbour on a whole place is
 * compared as bytes. One between pixels is a sum of two or four, each times a weight in whole parts of a scale (`wholeWeights`), against the pixel times the scale: two
 * multiplications of pairs for four pixels. Pairs are made frame by frame, just before they are read, so that they stay in the cache.
 *
 * Arguments: the address in the first frame of the image row that is farthest up among the neighbours, the byte offset of the image row's blocks.
 */
export function countRoutine(layout: Layout, patterns: readonly (readonly Offset[])[]): Routine {
  const { frames, height, width, rowStride, margin, counts, places } = layout;
  const fixed = (value: Uint8Array | Int16Array) => f32x4.load(i32.const(0), layout.constant(value));
  const keyOf = (offset: Offset) => offset.map((c) => c.toFixed(6)).join();
  const isBetween = (offset: Offset) => Number(pairOf(offset) !== undefined);
  const neighbours = [...new Map(patterns.flat().map((offset) => [keyOf(offset), offset]))]
    .sort(([, a], [, b]) => isBetween(a) - isBetween(b)); // the bytes of the pixels are then needed no longer
  return {
    parameters: ["i32", "i32"],
    body: ([bytes, blocks], local) => {
      const [t, x, at, byteAt, place, from, to] = Array.from({ length: 7 }, () => local("i32")) as [
        ...[Local, Local, Local, Local, Local, Local, Local],
      ];
      const codes = patterns.map(() => local("v128")), mask = local("v128"), own = local("v128");
      const row = local("v128"), base = [0, 1, 2, 3].map(() => local("v128"));

      /** All pairs of the image row of a frame, `later` than the one at hand. */
      const pairUp = (later: number): Code => {
        const frame = i32.add(t.get, i32.const(later)), [a, b] = [local("v128"), local("v128")];
        return [
          ...from.set(i32.add(bytes!.get, i32.mul(frame, i32.const(height * width)))),
          ...to.set(i32.mul(frame, i32.const(2 * rowStride))),
          ...loop(x, i32.const(0), i32.const(width), 16, [
            ...[...layout.pairs].flatMap(([name, array]): Code => {
              const address = (margin.y + Number(name.slice(1))) * width;
              const lanes = (k: number) => Array.from({ length: 16 }, (_, i) => (i >> 1) + k + 16 * (i & 1));
              return [
                ...a.set(u8x16.load(from.get, address)),
                ...b.set(u8x16.load(from.get, address + (name[0] === "x" ? 1 : width))),
                ...[0, 8].flatMap((k) =>
                  u8x16.store(to.get, u8x16.shuffle(a.get, b.get, lanes(k)), array + 2 * k)
                ),
              ];
            }),
            ...from.add(i32.const(16)),
            ...to.add(i32.const(32)),
          ]),
        ];
      };

      const prepare: Code[] = [];
      const bounds = new Map<number, Local[]>(); // what a weighted sum must exceed, for each scale
      const boundOf = (scale: number): Local[] => {
        const known = bounds.get(scale);
        if (known) return known;
        const made = [0, 1, 2, 3].map(() => local("v128")), half = local("v128");
        bounds.set(scale, made);
        const least = i32x4.splat(Math.floor(scale * slack) + 1);
        const factor = fixed(new Int16Array(8).fill(scale));
        for (const k of [0, 1]) {
          prepare.push(half.set((k ? i16x8.high : i16x8.low)(own.get)));
          [made[2 * k]!, made[2 * k + 1]!].forEach((bound, i) => {
            const scaled = scale === fineScale
              ? i32x4.shl((i ? i32x4.high : i32x4.low)(half.get), Math.log2(fineScale))
              : (i ? i32x4.multiplyHigh : i32x4.multiplyLow)(half.get, factor);
            prepare.push(bound.set(i32x4.sub(scaled, least)));
          });
        }
        return made;
      };
      const compareBetween = ({ pair, taps, weights: { parts, scale } }: Between): Code => {
        const bound = boundOf(scale);
        const vectors = taps.flatMap(() => [local("v128"), local("v128")]); // eight pixels of each tap
        const read = taps.map(([dx, dt], i) => {
          const address = layout.pairs.get(pair)! + 2 * ((margin.t + dt) * rowStride + margin.x + dx);
          return [0, 1].flatMap((k) => vectors[2 * i + k]!.set(u8x16.load(at.get, address + 16 * k)));
        }).flat();
        const sum = (part: (weight: number) => number, k: number) =>
          taps.map((_, i) => {
            const pairOf = [parts[2 * i]!, parts[2 * i + 1]!].map(part);
            const weights = Int16Array.from({ length: 8 }, (_, lane) => pairOf[lane & 1]!);
            const half = k & 1 ? i16x8.high : i16x8.low;
            return i32x4.dot(half(vectors[2 * i + (k >> 1)]!.get), fixed(weights));
          }).reduce((a, b) => i32x4.add(a, b));
        const group = (k: number) => {
          const whole = scale === fineScale // weights of 23 bits: their upper twelve, then their lower eleven
            ? i32x4.add(i32x4.shl(sum((w) => w >> 11, k), 11), sum((w) => w & 2047, k))
            : sum((w) => w, k);
          return i32x4.more(whole, bound[k]!.get);
        };
        return [...read, ...i8x16.fromMasks(group(0), group(1), group(2), group(3))];
      };
      const compare = (offset: Offset): Code => {
        const place = between(offset);
        if (place) return compareBetween(place);
        const [dx, dy, dt] = offset.map((c) => split(c).whole) as [number, number, number];
        const address = ((margin.t + dt) * height + margin.y + dy) * width + margin.x + dx;
        return i8x16.atLeast(u8x16.load(byteAt.get, address), own.get);
      };
      // Each neighbour is compared once, whichever patterns it is part of.
      const compared = neighbours.flatMap(([key, offset]): Code => [
        ...mask.set(compare(offset)),
        ...patterns.flatMap((offsets, pattern) =>
          offsets.flatMap((other, p) =>
            keyOf(other) !== key ? [] : codes[pattern]!.set(
              i8x16.or(codes[pattern]!.get, i8x16.and(mask.get, fixed(new Uint8Array(16).fill(1 << p)))),
            )
          )
        ),
      ]);
      /** Where each of sixteen pixels is counted: its block's place and four bytes for each code. */
      const locate = codes.flatMap((code, p): Code =>
        [0, 1].flatMap((k) => {
          const half = local("v128");
          return [
            ...half.set(i16x8.shl((k ? i16x8.high : i16x8.low)(code.get), 2)),
            ...[i32x4.low, i32x4.high].flatMap((part, i) =>
              i32x4.store(
                i32.const(0),
                i32x4.add(part(half.get), base[2 * k + i]!.get),
                places + 64 * p + 32 * k + 16 * i,
              )
            ),
          ];
        })
      );
      const count = (lane: number): Code =>
        patterns.flatMap((_, p) => [
          ...place.set(i32.load(i32.const(0), places + 64 * p + 4 * lane)),
          ...i32.store(place.get, i32.add(i32.load(place.get, counts[p]), i32.const(1)), counts[p]),
        ]);
      const inner = width - 2 * margin.x, ahead = 2 * margin.t;
      return [
        ...loop(t, i32.const(0), i32.const(ahead), 1, pairUp(0)),
        ...loop(t, i32.const(0), i32.const(frames - ahead), 1, [
          ...pairUp(ahead),
          ...row.set(
            i32x4.fill(i32.add(blocks!.get, i32.load(i32.shl(t.get, i32.const(2)), layout.times))),
          ),
          ...at.set(i32.mul(t.get, i32.const(2 * rowStride))),
          ...byteAt.set(i32.add(bytes!.get, i32.mul(t.get, i32.const(height * width)))),
          ...loop(x, i32.const(0), i32.const(4 * inner), 64, [
            ...own.set(u8x16.load(byteAt.get, (margin.t * height + margin.y) * width + margin.x)),
            ...prepare.flat(),
            ...codes.flatMap((code) => code.set(f32x4.zero)),
            ...compared,
            ...base.flatMap((four, k) =>
              four.set(i32x4.add(row.get, i32x4.load(x.get, layout.columns + 4 * margin.x + 16 * k)))
            ),
            ...locate,
            ...Array.from({ length: 16 }, (_, lane) => count(lane)).flat(),
            ...at.add(i32.const(32)),
            ...byteAt.add(i32.const(16)),
          ]),
        ]),
      ];
    },
  };
}

type Split = ReturnType<typeof split>;
