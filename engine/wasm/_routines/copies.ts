import { clear, copy, i32, type Local, loop, type Routine } from "../_assemble.ts";
import { type Eight, type Five, type Four, n, type Nine, range, times } from "./_common.ts";

/** Copies `rows` rows of `bytes` for each of `images`, each side with its own strides. */
export const copyRows: Routine = {
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

/**
 * Copies `rows` rows of `bytes` of each image into a frame of zeros: `top` bytes before the first row, `left` before each row, `right`
 * after it, `bottom` after the last. Up to `left` bytes behind the last frame are cleared too.
 */
export const copyFramed: Routine = {
  parameters: ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"],
  body: (parameters, local) => {
    const [to, from, images, rows, bytes, top, left, right, bottom, fromImage, fromRow] = parameters as [
      ...Nine,
      Local,
      Local,
    ];
    const [b, i, f, between] = [0, 0, 0, 0].map(() => local("i32")) as Four;
    return [
      ...between.set(i32.add(right.get, left.get)),
      ...loop(b, n(0), images.get, 1, [
        ...f.set(i32.add(from.get, i32.mul(b.get, fromImage.get))),
        ...clear(to.get, i32.add(top.get, left.get)),
        ...to.add(i32.add(top.get, left.get)),
        ...loop(i, n(0), rows.get, 1, [
          ...copy(to.get, f.get, bytes.get),
          ...to.add(bytes.get),
          ...clear(to.get, between.get),
          ...to.add(between.get),
          ...f.add(fromRow.get),
        ]),
        ...to.set(i32.sub(to.get, left.get)),
        ...clear(to.get, bottom.get),
        ...to.add(bottom.get),
      ]),
    ];
  },
};

/** Copies `bytes` from row i of a matrix of rows `stride` bytes apart to outs[i]. */
export const scatter: Routine = {
  parameters: ["i32", "i32", "i32", "i32", "i32"],
  body: (parameters, local) => {
    const [outs, from, rows, bytes, stride] = parameters as Five;
    const i = local("i32");
    return loop(i, n(0), rows.get, 1, [
      ...copy(i32.load(i32.add(outs.get, times(i.get, 4))), from.get, bytes.get),
      ...from.add(stride.get),
    ]);
  },
};

/** Writes the addresses first + b imageStride + i rowStride + j columnStride for all b, i, j in turn. */
export const addresses: Routine = {
  parameters: ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"],
  body: (parameters, local) => {
    const [to, first, images, rows, columns, imageStride, rowStride, columnStride] = parameters as Eight;
    const [b, i, j, row, at] = range(5).map(() => local("i32")) as Five;
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
