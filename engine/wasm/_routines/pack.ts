import { clear, copy, f32, f32x4, i32, loop, type Routine, when } from "../_assemble.ts";
import { type Five, type Four, n, range, times } from "./_common.ts";

/** Packs a matrix of `depth` rows of `columns` floats for `convolve`; the last panel is filled up with zeros. */
export const pack: Routine = {
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
export const packTransposed: Routine = {
  parameters: ["i32", "i32", "i32", "i32", "i32"],
  body: (parameters, local) => {
    const [to, from, depth, columns, panelStride] = parameters as Five;
    const [j, k, at, row, place] = range(5).map(() => local("i32")) as Five;
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
