import { type Code, f32x4, i32, i32x4, type Local, loop, type Routine, u8x4 } from "../../engine/assemble.ts";

/** A place relative to a pixel, in pixels and frames. */
export type Offset = readonly [x: number, y: number, t: number];

/** Where things lie in the memory, bytes; distances are between floats of the volume [y][t][x]. */
export interface Layout {
  /** T, h, w. */
  readonly frames: number;
  readonly height: number;
  readonly width: number;
  /** Floats from one row of a frame to the same row of the next frame, and from one image row to the next. */
  readonly rowStride: number;
  readonly slabStride: number;
  /** The clip's bytes, [t][y][x]. */
  readonly bytes: number;
  /** The volume as floats. */
  readonly volume: number;
  /** Volumes that are interpolated along one axis, by axis and fraction (`x 0.707`). */
  readonly interpolated: ReadonlyMap<string, number>;
  /** Tables of each pattern. */
  readonly tables: readonly {
    /** Byte offsets of the bins, by code. */
    readonly bins: number;
    /** Byte offsets of the blocks, by column and by frame. */
    readonly columns: number;
    readonly times: number;
    /** The counts. */
    readonly counts: number;
  }[];
  /** Pixels at the border that have not all neighbours. */
  readonly margin: { readonly x: number; readonly y: number; readonly t: number };
}

/**
 * What rounding may take from an interpolated value: a neighbour that equals the pixel but for this counts as equal. Grey values are whole numbers, and without
 * it a place between four pixels that cancel out would fall to either side by chance.
 */
export const slack = 2 ** -10;

/** The whole part and the rest of a coordinate; what rounding left beside a whole number is dropped. */
export function split(coordinate: number): { whole: number; rest: number } {
  const nearest = Math.round(coordinate);
  if (Math.abs(coordinate - nearest) < 1e-6) return { whole: nearest, rest: 0 };
  return { whole: Math.floor(coordinate), rest: coordinate - Math.floor(coordinate) };
}

/** The volume that an offset is read from, where two of its coordinates are fractions: interpolated along the first of them. */
export function volumeOf(offset: Offset): { name: string; axis: "x" | "y"; rest: number } | undefined {
  const [x, y, t] = offset.map((c) => split(c).rest) as [number, number, number];
  if ([x, y, t].filter((rest) => rest > 0).length < 2) return undefined;
  return x > 0
    ? { name: `x ${x.toFixed(6)}`, axis: "x", rest: x }
    : { name: `y ${y.toFixed(6)}`, axis: "y", rest: y };
}

/** [t][y][x] bytes to [y][t][x] floats. Arguments: none. */
export function spreadRoutine(layout: Layout): Routine {
  const { frames, height, width, rowStride, slabStride, bytes, volume } = layout;
  return {
    parameters: [],
    body: (_, local) => {
      const [y, t, x, from, to] = [local("i32"), local("i32"), local("i32"), local("i32"), local("i32")];
      return loop(
        y,
        i32.const(0),
        i32.const(height),
        1,
        loop(t, i32.const(0), i32.const(frames), 1, [
          ...from.set(
            i32.add(
              i32.const(bytes),
              i32.mul(i32.add(i32.mul(t.get, i32.const(height)), y.get), i32.const(width)),
            ),
          ),
          ...to.set(i32.add(
            i32.const(volume),
            i32.add(i32.mul(y.get, i32.const(4 * slabStride)), i32.mul(t.get, i32.const(4 * rowStride))),
          )),
          ...loop(x, i32.const(0), i32.const(width), 4, [
            ...f32x4.store(to.get, u8x4.load(from.get)),
            ...from.add(i32.const(4)),
            ...to.add(i32.const(16)),
          ]),
        ]),
      );
    },
  };
}

/** out = a + rest (a' - a), a' being so many bytes on. Arguments: address of the first a, of the end, distance from a to out. */
export function interpolateRoutine(step: number, rest: number): Routine {
  return {
    parameters: ["i32", "i32", "i32"],
    body: (parameters, local) => {
      const [from, end, distance] = parameters as [Local, Local, Local];
      const at = local("i32"), a = local("v128");
      return loop(at, from.get, end.get, 16, [
        ...a.set(f32x4.load(at.get)),
        ...f32x4.store(
          i32.add(at.get, distance.get),
          f32x4.add(a.get, f32x4.mul(splat(rest), f32x4.sub(f32x4.load(at.get, step), a.get))),
        ),
      ]);
    },
  };
}

/**
 * Codes of all patterns for the pixels of one image row in all frames, four pixels at a time, and their counting. Arguments: the address of the
 * volume at that row less the margin, then for each pattern the byte offset of that row's blocks.
 */
export function countRoutine(layout: Layout, patterns: readonly (readonly Offset[])[]): Routine {
  const { frames, width, rowStride, slabStride, margin, tables } = layout;
  const distance = (x: number, y: number, t: number) =>
    4 * ((y + margin.y) * slabStride + (t + margin.t) * rowStride + x + margin.x);
  return {
    parameters: ["i32", ...patterns.map(() => "i32" as const)],
    body: ([slab, ...rows], local) => {
      const [t, x, row] = [local("i32"), local("i32"), local("i32")], at = local("i32"), place = local("i32");
      const [least, value] = [local("v128"), local("v128")];
      const codes = patterns.map(() => local("v128")), bases = patterns.map(() => local("i32"));
      const neighbour = (offset: Offset): Code => {
        const parts = offset.map(split) as [
          ReturnType<typeof split>,
          ReturnType<typeof split>,
          ReturnType<typeof split>,
        ];
        const volume = volumeOf(offset);
        const from = volume === undefined ? layout.volume : layout.interpolated.get(volume.name)!;
        const open = parts.findIndex(({ rest }, axis) => rest > 0 && "xyt"[axis] !== volume?.axis);
        const place = from - layout.volume + distance(parts[0].whole, parts[1].whole, parts[2].whole);
        if (open < 0) return f32x4.load(at.get, place);
        const step = 4 * [1, slabStride, rowStride][open]!;
        return [
          ...value.set(f32x4.load(at.get, place)),
          ...f32x4.add(
            value.get,
            f32x4.mul(splat(parts[open]!.rest), f32x4.sub(f32x4.load(at.get, place + step), value.get)),
          ),
        ];
      };
      const code = (offsets: readonly Offset[]): Code =>
        offsets.map((offset, p) => i32x4.and(f32x4.atLeast(neighbour(offset), least.get), i32x4.splat(4 << p)) // a code times four: the place in a table
        ).reduce((a, b) => i32x4.or(a, b));
      const count = (pattern: number, lane: 0 | 1 | 2 | 3): Code => [
        ...place.set(i32.add(
          i32.load(i32x4.lane(codes[pattern]!.get, lane), tables[pattern]!.bins),
          i32.add(i32.load(x.get, tables[pattern]!.columns + 4 * lane), bases[pattern]!.get),
        )),
        ...i32.store(place.get, i32.add(i32.load(place.get), i32.const(1))),
      ];
      return loop(t, i32.const(4 * margin.t), i32.const(4 * (frames - margin.t)), 4, [
        ...row.set(
          i32.add(slab!.get, i32.mul(i32.sub(t.get, i32.const(4 * margin.t)), i32.const(rowStride))),
        ),
        ...bases.flatMap((base, p) => base.set(i32.add(rows[p]!.get, i32.load(t.get, tables[p]!.times)))),
        ...loop(x, i32.const(4 * margin.x), i32.const(4 * (width - margin.x)), 16, [
          ...at.set(i32.add(row.get, i32.sub(x.get, i32.const(4 * margin.x)))),
          ...least.set(f32x4.sub(f32x4.load(at.get, distance(0, 0, 0)), splat(slack))),
          ...codes.flatMap((local, p) => local.set(code(patterns[p]!))),
          ...([0, 1, 2, 3] as const).flatMap((lane) => patterns.flatMap((_, p) => count(p, lane))),
        ]),
      ]);
    },
  };
}

const splat = (value: number): Code => f32x4.const([value, value, value, value]);
