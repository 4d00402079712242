import {
  clear,
  type Code,
  copy,
  f32,
  f32x4,
  i32,
  type Local,
  loop,
  multiplyAdd,
  type Routine,
  when,
} from "./_assemble.ts";

/** Rows that `convolve` computes at a time: its row lists must hold a multiple of it. */
export const tileRows = 6;
/** Columns that it computes at a time: packed matrices come in panels of so many columns. */
export const panelColumns = 8;

const n = (value: number) => i32.const(value);
const times = (a: Code, b: number) => i32.mul(a, n(b));

/**
 * The matrix product behind convolutions. Row i of the left matrix is spread over memory: `taps` pieces of `length`
 * floats, the first at rows[i], each further one `tapStride` bytes on (the rows of a window in a padded image). The right matrix
 * is packed: panels of 8 columns, each taps * length rows of 8 floats. 8 floats of row i and panel j go to outs[i] + 32 j.
 * 12 registers hold the sums of 6 rows by 8 columns while the left and right values stream past.
 */
function convolve(multiplyAdd: (a: Code, b: Code, c: Code) => Code): Routine {
  const unroll = 4;
  return {
    parameters: ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"],
    body: (parameters, local) => {
      const [rows, outs, tiles, right, panels, taps, tapStride, length] = parameters as Eight;
      const [tile, panel, tap, k, b, at, panelStart] = [0, 0, 0, 0, 0, 0, 0].map(() => local("i32")) as Seven;
      const left = range(tileRows).map(() => local("i32"));
      const [b0, b1, value] = [local("v128"), local("v128"), local("v128")];
      const sums = left.map(() => [local("v128"), local("v128")] as const);
      const step = (u: number): Code => [
        ...b0.set(f32x4.load(b.get, 32 * u)),
        ...b1.set(f32x4.load(b.get, 32 * u + 16)),
        ...sums.flatMap(([s0, s1], r) => [
          ...value.set(f32x4.loadSplat((left[r] as Local).get, 4 * u)),
          ...s0.set(multiplyAdd(value.get, b0.get, s0.get)),
          ...s1.set(multiplyAdd(value.get, b1.get, s1.get)),
        ]),
      ];
      const steps = (count: number): Code => [
        ...range(count).flatMap(step),
        ...left.flatMap((p) => p.add(n(4 * count))),
        ...b.add(n(32 * count)),
      ];
      const whole = i32.and(length.get, n(-unroll));
      return [
        ...panelStart.set(right.get),
        ...loop(panel, n(0), panels.get, 1, [
          ...loop(tile, n(0), tiles.get, 1, [
            ...sums.flat().flatMap((sum) => sum.set(f32x4.zero)),
            ...b.set(panelStart.get),
            ...loop(tap, n(0), taps.get, 1, [
              ...at.set(i32.add(rows.get, times(tile.get, 4 * tileRows))),
              ...left.flatMap((p, r) =>
                p.set(i32.add(i32.load(at.get, 4 * r), i32.mul(tap.get, tapStride.get)))
              ),
              ...loop(k, n(0), whole, unroll, steps(unroll)),
              ...loop(k, whole, length.get, 1, steps(1)),
            ]),
            ...at.set(i32.add(outs.get, times(tile.get, 4 * tileRows))),
            ...sums.flatMap(([s0, s1], r) => [
              ...k.set(i32.add(i32.load(at.get, 4 * r), times(panel.get, 32))),
              ...f32x4.store(k.get, s0.get),
              ...f32x4.store(k.get, s1.get, 16),
            ]),
          ]),
          ...panelStart.set(b.get),
        ]),
      ];
    },
  };
}

/**
 * Adds leftᵀ right to `out` (taps * length rows of `columns` floats, a multiple of 8), for left as in `convolve` and `count`
 * rows of right, packed, whose panels are `panelStride` bytes apart: the gradient of the filter. 12 registers hold
 * 6 rows by 8 columns of the result.
 */
function correlate(multiplyAdd: (a: Code, b: Code, c: Code) => Code): Routine {
  return {
    parameters: ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"],
    body: (parameters, local) => {
      const [rows, right, panelStride, count, columns, taps, length, tapStride, out] = parameters as [
        ...Eight,
        Local,
      ];
      const [m, tap, k, j, a, b, at, stride] = range(8).map(() => local("i32")) as Eight;
      const [row, tapOffset, panel] = [local("i32"), local("i32"), local("i32")];
      const sums = range(6).map(() => [local("v128"), local("v128")] as const);
      const [b0, b1, value] = [local("v128"), local("v128"), local("v128")];
      /** `height` rows of the result from row `k` of the tap on. */
      const block = (height: number): Code => {
        const used = sums.slice(0, height);
        const each = (f: (sum: Local, offset: number) => Code): Code => [
          ...row.set(at.get),
          ...used.flatMap(([s0, s1]) => [...f(s0, 0), ...f(s1, 16), ...row.add(stride.get)]),
        ];
        return [
          ...panel.set(right.get),
          ...loop(j, n(0), stride.get, 32, [
            ...at.set(
              i32.add(
                i32.add(out.get, j.get),
                i32.mul(i32.add(i32.mul(tap.get, length.get), k.get), stride.get),
              ),
            ),
            ...each((sum, offset) => sum.set(f32x4.load(row.get, offset))),
            ...b.set(panel.get),
            ...loop(m, n(0), i32.shl(count.get, n(2)), 4, [
              ...a.set(i32.add(i32.load(i32.add(rows.get, m.get)), tapOffset.get)),
              ...b0.set(f32x4.load(b.get)),
              ...b1.set(f32x4.load(b.get, 16)),
              ...used.flatMap(([s0, s1], r) => [
                ...value.set(f32x4.loadSplat(a.get, 4 * r)),
                ...s0.set(multiplyAdd(value.get, b0.get, s0.get)),
                ...s1.set(multiplyAdd(value.get, b1.get, s1.get)),
              ]),
              ...b.add(n(32)),
            ]),
            ...each((sum, offset) => f32x4.store(row.get, sum.get, offset)),
            ...panel.add(panelStride.get),
          ]),
        ];
      };
      return [
        ...stride.set(times(columns.get, 4)),
        ...loop(tap, n(0), taps.get, 1, [
          ...tapOffset.set(i32.mul(tap.get, tapStride.get)),
          ...k.set(n(0)),
          ...[6, 4, 2, 1].flatMap((height) =>
            // while (k + height <= length)
            loop(k, k.get, i32.sub(length.get, n(height - 1)), height, [
              ...block(height),
              ...tapOffset.add(n(4 * height)),
            ])
          ),
        ]),
      ];
    },
  };
}

/** Packs a matrix of `depth` rows of `columns` floats for `convolve`; the last panel is filled up with zeros. */
const pack: Routine = {
  parameters: ["i32", "i32", "i32", "i32"],
  body: ([to, from, depth, columns], local) => {
    const [t, f, d, c] = [to, from, depth, columns] as Four;
    const [j, k, at, rest] = [local("i32"), local("i32"), local("i32"), local("i32")];
    const stride = times(c.get, 4);
    return [
      ...loop(j, n(0), i32.and(stride, n(-32)), 32, [
        ...at.set(i32.add(f.get, j.get)),
        ...loop(k, n(0), d.get, 1, [
          ...f32x4.store(t.get, f32x4.load(at.get)),
          ...f32x4.store(t.get, f32x4.load(at.get, 16), 16),
          ...t.add(n(32)),
          ...at.add(stride),
        ]),
      ]),
      ...rest.set(i32.and(stride, n(31))),
      ...when(rest.get, [
        ...at.set(i32.add(f.get, i32.and(stride, n(-32)))),
        ...clear(t.get, times(d.get, 32)),
        ...loop(k, n(0), d.get, 1, [...copy(t.get, at.get, rest.get), ...t.add(n(32)), ...at.add(stride)]),
      ]),
    ];
  },
};

/**
 * Packs the transpose of a matrix of `columns` rows of `depth` floats; a panel's place is `panelStride` bytes after the
 * one before. 4 x 4 blocks are turned in registers, what is left over one by one. The place must be cleared before if
 * columns is not a multiple of 8.
 */
const packTransposed: Routine = {
  parameters: ["i32", "i32", "i32", "i32", "i32"],
  body: (parameters, local) => {
    const [to, from, depth, columns, panelStride] = parameters as [Local, Local, Local, Local, Local];
    const [j, k, at, row, place] = range(5).map(() => local("i32")) as [Local, Local, Local, Local, Local];
    const stride = times(depth.get, 4);
    const [a, b, c, d] = range(4).map(() => local("v128")) as Four;
    const [e, f, g, h] = range(4).map(() => local("v128")) as Four;
    /** Column j of the panels: floor(j / 8) panels on, and j mod 8 floats. */
    const start = i32.add(
      i32.add(to.get, i32.mul(i32.shiftRight(j.get, n(3)), panelStride.get)),
      times(i32.and(j.get, n(7)), 4),
    );
    const one = f32.store(i32.add(place.get, times(k.get, 32)), f32.load(i32.add(row.get, times(k.get, 4))));
    return [
      ...loop(j, n(0), i32.and(columns.get, n(-4)), 4, [
        ...row.set(i32.add(from.get, i32.mul(j.get, stride))),
        ...at.set(start),
        ...place.set(at.get),
        ...loop(k, n(0), i32.and(depth.get, n(-4)), 4, [
          ...[a, b, c, d].flatMap((v, r) => v.set(f32x4.load(i32.add(row.get, times(stride, r))))),
          ...e.set(f32x4.shuffle(a.get, b.get, [0, 4, 1, 5])),
          ...f.set(f32x4.shuffle(c.get, d.get, [0, 4, 1, 5])),
          ...g.set(f32x4.shuffle(a.get, b.get, [2, 6, 3, 7])),
          ...h.set(f32x4.shuffle(c.get, d.get, [2, 6, 3, 7])),
          ...f32x4.store(at.get, f32x4.shuffle(e.get, f.get, [0, 1, 4, 5])),
          ...f32x4.store(at.get, f32x4.shuffle(e.get, f.get, [2, 3, 6, 7]), 32),
          ...f32x4.store(at.get, f32x4.shuffle(g.get, h.get, [0, 1, 4, 5]), 64),
          ...f32x4.store(at.get, f32x4.shuffle(g.get, h.get, [2, 3, 6, 7]), 96),
          ...at.add(n(128)),
          ...row.add(n(16)),
        ]),
        // the last one to three rows of the result, four columns each
        ...loop(k, i32.and(depth.get, n(-4)), depth.get, 1, [
          ...range(4).flatMap((r) => f32.store(at.get, f32.load(i32.add(row.get, times(stride, r))), 4 * r)),
          ...at.add(n(32)),
          ...row.add(n(4)),
        ]),
      ]),
      ...loop(j, i32.and(columns.get, n(-4)), columns.get, 1, [
        ...row.set(i32.add(from.get, i32.mul(j.get, stride))),
        ...place.set(start),
        ...loop(k, n(0), depth.get, 1, one),
      ]),
    ];
  },
};

/** Copies `rows` rows of `bytes` for each of `images`, each side with its own strides. */
const copyRows: Routine = {
  parameters: ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"],
  body: (parameters, local) => {
    const [to, from, images, rows, bytes, toImage, toRow, fromImage, fromRow] = parameters as [
      ...Eight,
      Local,
    ];
    const [b, i, t, f] = [local("i32"), local("i32"), local("i32"), local("i32")];
    return loop(b, n(0), images.get, 1, [
      ...t.set(i32.add(to.get, i32.mul(b.get, toImage.get))),
      ...f.set(i32.add(from.get, i32.mul(b.get, fromImage.get))),
      ...loop(i, n(0), rows.get, 1, [
        ...copy(t.get, f.get, bytes.get),
        ...t.add(toRow.get),
        ...f.add(fromRow.get),
      ]),
    ]);
  },
};

/** Writes the addresses first + b imageStride + i rowStride + j columnStride for all b, i, j in turn. */
const addresses: Routine = {
  parameters: ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"],
  body: (parameters, local) => {
    const [to, first, images, rows, columns, imageStride, rowStride, columnStride] = parameters as Eight;
    const [b, i, j, row, at] = range(5).map(() => local("i32")) as [Local, Local, Local, Local, Local];
    return loop(b, n(0), images.get, 1, [
      ...row.set(i32.add(first.get, i32.mul(b.get, imageStride.get))),
      ...loop(i, n(0), rows.get, 1, [
        ...at.set(row.get),
        ...loop(j, n(0), columns.get, 1, [
          ...i32.store(to.get, at.get),
          ...to.add(n(4)),
          ...at.add(columnStride.get),
        ]),
        ...row.add(rowStride.get),
      ]),
    ]);
  },
};

/** Copies `bytes` from row i of a matrix of rows `stride` bytes apart to outs[i]. */
const scatter: Routine = {
  parameters: ["i32", "i32", "i32", "i32", "i32"],
  body: (parameters, local) => {
    const [outs, from, rows, bytes, stride] = parameters as [Local, Local, Local, Local, Local];
    const i = local("i32");
    return loop(i, n(0), rows.get, 1, [
      ...copy(i32.load(i32.add(outs.get, times(i.get, 4))), from.get, bytes.get),
      ...from.add(stride.get),
    ]);
  },
};

/** The routines for matrices and convolutions; `fused` needs a runtime with relaxed SIMD. */
export function matrixRoutines(fused: boolean): Record<string, Routine> {
  const fma = multiplyAdd(fused);
  return {
    convolve: convolve(fma),
    correlate: correlate(fma),
    pack,
    packTransposed,
    copyRows,
    addresses,
    scatter,
  };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

type Four = [Local, Local, Local, Local];
type Seven = [...Four, Local, Local, Local];
type Eight = [...Four, ...Four];
