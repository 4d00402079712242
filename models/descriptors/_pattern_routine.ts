import { type Code, f32x4, i32, i8x16, type Local, loop, type Routine, u8x4 } from "../../engine/assemble.ts";

/** A place relative to a pixel, in pixels and frames. */
export type Offset = readonly [x: number, y: number, t: number];

/** Where things lie in the memory, in bytes. Floats lie as [y][t][x]: image row by image row through all frames. */
export interface Layout {
  /** T, h, w. */
  readonly frames: number;
  readonly height: number;
  readonly width: number;
  /** Pixels at the border that have not all neighbours. */
  readonly margin: { readonly x: number; readonly y: number; readonly t: number };
  /** Floats from one frame to the next, and from one image row to the next. */
  readonly rowStride: number;
  readonly slabStride: number;
  /** The clip's bytes, [t][y][x]. */
  readonly bytes: number;
  /** The clip as floats. */
  readonly volume: number;
  /** Volumes that are interpolated along x, by the fraction. */
  readonly alongX: ReadonlyMap<number, number>;
  /** What is interpolated along y, of the image row at hand only: by the place along y. */
  readonly alongY: ReadonlyMap<number, number>;
  /** Byte offsets of the blocks of a pixel, by column and by frame. */
  readonly columns: number;
  readonly times: number;
  /** The counts of each pattern. */
  readonly counts: readonly number[];
  /** Sixteen codes of each pattern. */
  readonly codes: number;
  /** Where sixteen equal bytes or four equal floats lie: read from memory they cost one load, as constants in the code several instructions at each use. */
  readonly constant: (value: Uint8Array | Float32Array) => number;
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

/** The axis along which a neighbour's plane is interpolated beforehand: only places between pixels on both axes need it. */
export function ahead(
  offset: Offset,
): { axis: "x"; rest: number } | { axis: "y"; place: number } | undefined {
  const [x, y, t] = offset.map((c) => split(c).rest) as [number, number, number];
  if ([x, y, t].filter((rest) => rest > 0).length < 2) return undefined;
  return x > 0 ? { axis: "x", rest: x } : { axis: "y", place: offset[1] };
}

/** Bytes to floats, one image row through all frames. Arguments: the row's first byte, where its floats go. */
export function spreadRoutine({ frames, height, width, rowStride }: Layout): Routine {
  return {
    parameters: ["i32", "i32"],
    body: ([bytes, floats], local) => {
      const [t, x, from, to] = [local("i32"), local("i32"), local("i32"), local("i32")];
      return loop(t, i32.const(0), i32.const(frames), 1, [
        ...from.set(i32.add(bytes!.get, i32.mul(t.get, i32.const(height * width)))),
        ...to.set(i32.add(floats!.get, i32.mul(t.get, i32.const(4 * rowStride)))),
        ...loop(x, i32.const(0), i32.const(width), 4, [
          ...f32x4.store(to.get, u8x4.load(from.get)),
          ...from.add(i32.const(4)),
          ...to.add(i32.const(16)),
        ]),
      ]);
    },
  };
}

/** out = (1 - rest) a + rest a', a' being so many bytes on; sixteen floats at a time. Arguments: the first a, how many bytes of them, the first out. */
export function interpolateRoutine(layout: Layout, step: number, rest: number): Routine {
  const weights = [1 - rest, rest].map((w) => layout.constant(new Float32Array(4).fill(w)));
  return {
    parameters: ["i32", "i32", "i32"],
    body: ([from, bytes, to], local) => {
      const at = local("i32"), out = local("i32");
      const part = (offset: number, weight: number) =>
        f32x4.mul(f32x4.load(at.get, offset), f32x4.load(i32.const(0), weight));
      return [
        ...out.set(to!.get),
        ...loop(at, from!.get, i32.add(from!.get, bytes!.get), 64, [
          ...[0, 16, 32, 48].flatMap((k) =>
            f32x4.store(out.get, f32x4.add(part(k, weights[0]!), part(step + k, weights[1]!)), k)
          ),
          ...out.add(i32.const(64)),
        ]),
      ];
    },
  };
}

/**
 * Codes of all patterns for the pixels of one image row in all frames, sixteen pixels at a time, and their counting. Neighbours on whole places are
 * compared as bytes, those between pixels as floats: a + r (b - a) >= c is taken as a + b r / (1 - r) >= c / (1 - r), which is one operation less.
 * Arguments: the floats and the bytes of the first pixel that has a code, the byte offset of the image row's blocks.
 */
export function countRoutine(layout: Layout, patterns: readonly (readonly Offset[])[]): Routine {
  const { frames, height, width, rowStride, slabStride, margin, counts, codes: scratch } = layout;
  const fixed = (value: Uint8Array | Float32Array) => f32x4.load(i32.const(0), layout.constant(value));
  const floats4 = (value: number) => fixed(new Float32Array(4).fill(value));
  const keys = new Map(patterns.flat().map((offset) => [offset.map((c) => c.toFixed(6)).join(), offset]));
  return {
    parameters: ["i32", "i32", "i32"],
    body: ([floats, bytes, blocks], local) => {
      const [t, x, row] = [local("i32"), local("i32"), local("i32")];
      const [at, inSlab, byteAt, place, base] = [
        local("i32"),
        local("i32"),
        local("i32"),
        local("i32"),
        local("i32"),
      ];
      // Offsets in memory cannot be negative: addresses are those of the farthest neighbour, and so much is added back.
      const back = 4 * (margin.y * slabStride + margin.t * rowStride + margin.x);
      const backInSlab = 4 * (margin.t * rowStride + margin.x);
      const backBytes = (margin.t * height + margin.y) * width + margin.x;
      const scales = new Map<string, Local[]>(); // the pixels over 1 - rest, for each rest that occurs
      const codes = patterns.map(() => local("v128")), mask = local("v128"), own = local("v128");
      const prepare: Code[] = [];
      const scaled = (rest: number): Local[] => {
        const known = scales.get(rest.toFixed(6));
        if (known) return known;
        const made = [0, 1, 2, 3].map(() => local("v128"));
        scales.set(rest.toFixed(6), made);
        made.forEach((value, group) =>
          prepare.push(value.set(f32x4.mul(
            f32x4.sub(f32x4.load(at.get, back + 16 * group), floats4(slack)),
            floats4(1 / (1 - rest)),
          )))
        );
        return made;
      };
      const between = (offset: Offset): Code => {
        const [px, py, pt] = offset.map(split) as [Split, Split, Split], first = ahead(offset);
        let pointer = at,
          from = back + 4 * (py.whole * slabStride + pt.whole * rowStride + px.whole),
          step: number;
        let rest: number;
        if (first?.axis === "y") {
          pointer = inSlab;
          from = layout.alongY.get(first.place)! + backInSlab + 4 * (pt.whole * rowStride + px.whole);
          [step, rest] = [rowStride, pt.rest];
        } else {
          if (first) from += layout.alongX.get(first.rest)! - layout.volume;
          [step, rest] = pt.rest > 0
            ? [rowStride, pt.rest]
            : py.rest > 0
            ? [slabStride, py.rest]
            : [1, px.rest];
        }
        const low = scaled(rest);
        const group = (k: number) =>
          f32x4.atLeast(
            f32x4.add(
              f32x4.load(pointer.get, from + 16 * k),
              f32x4.mul(f32x4.load(pointer.get, from + 4 * step + 16 * k), floats4(rest / (1 - rest))),
            ),
            low[k]!.get,
          );
        return i8x16.fromMasks(group(0), group(1), group(2), group(3));
      };
      const compare = (offset: Offset): Code => {
        const [px, py, pt] = offset.map(split) as [Split, Split, Split];
        if (px.rest + py.rest + pt.rest > 0) return between(offset);
        const from = backBytes + (pt.whole * height + py.whole) * width + px.whole;
        return i8x16.atLeast(f32x4.load(byteAt.get, from), own.get);
      };
      // Each neighbour is compared once, whichever patterns it is part of.
      const compared = [...keys].flatMap(([key, offset]): Code => [
        ...mask.set(compare(offset)),
        ...patterns.flatMap((offsets, pattern) =>
          offsets.flatMap((other, p) =>
            other.map((c) => c.toFixed(6)).join() !== key ? [] : codes[pattern]!.set(
              i8x16.or(codes[pattern]!.get, i8x16.and(mask.get, fixed(new Uint8Array(16).fill(1 << p)))),
            )
          )
        ),
      ]);
      const count = (lane: number): Code => [
        ...base.set(i32.add(row.get, i32.load(x.get, layout.columns + 4 * (margin.x + lane)))),
        ...patterns.flatMap((_, p) => [
          ...place.set(
            i32.add(base.get, i32.shl(i32.load8(i32.const(0), scratch + 16 * p + lane), i32.const(2))),
          ),
          ...i32.store(place.get, i32.add(i32.load(place.get, counts[p]), i32.const(1)), counts[p]),
        ]),
      ];
      const inner = width - 2 * margin.x;
      return loop(t, i32.const(0), i32.const(frames - 2 * margin.t), 1, [
        ...row.set(i32.add(blocks!.get, i32.load(i32.shl(t.get, i32.const(2)), layout.times))),
        ...inSlab.set(i32.mul(t.get, i32.const(4 * rowStride))),
        ...at.set(i32.add(i32.sub(floats!.get, i32.const(back)), inSlab.get)),
        ...byteAt.set(
          i32.add(i32.sub(bytes!.get, i32.const(backBytes)), i32.mul(t.get, i32.const(height * width))),
        ),
        ...loop(x, i32.const(0), i32.const(4 * inner), 64, [
          ...prepare.flat(),
          ...own.set(f32x4.load(byteAt.get, backBytes)),
          ...codes.flatMap((code) => code.set(f32x4.zero)),
          ...compared,
          ...codes.flatMap((code, p) => f32x4.store(i32.const(scratch + 16 * p), code.get)),
          ...Array.from({ length: 16 }, (_, lane) => count(lane)).flat(),
          ...at.add(i32.const(64)),
          ...inSlab.add(i32.const(64)),
          ...byteAt.add(i32.const(16)),
        ]),
      ]);
    },
  };
}

type Split = ReturnType<typeof split>;
