import { type Code, f32x4, i32, type Local, loop, type Routine } from "../_assemble.ts";
import { type Four, n, type Nine, type Three } from "./_common.ts";

/**
 * Goes down the rows of a matrix, four groups of four columns at a time, then one: `before`, for every row `each`, `after`, with the
 * column's offset in bytes and that of the place in the matrix.
 */
function downRows(
  [column, at, i]: readonly [Local, Local, Local],
  rows: Code,
  bytes: Code,
  code: (group: number) => { before: Code; each: Code; after?: Code },
): Code {
  const part = (groups: number): Code => {
    const codes = Array.from({ length: groups }, (_, group) => code(group));
    // while (column + 16 groups <= bytes)
    return loop(column, column.get, i32.sub(bytes, n(16 * groups - 1)), 16 * groups, [
      ...codes.flatMap(({ before }) => before),
      ...at.set(column.get),
      ...loop(i, n(0), rows, 1, [...codes.flatMap(({ each }) => each), ...at.add(bytes)]),
      ...codes.flatMap(({ after = [] }) => after),
    ]);
  };
  return [...column.set(n(0)), ...part(4), ...part(1)];
}

/**
 * For every column the sums over the rows of a - meanA and of (a - meanA) (b - meanB), into two rows. Columns are a
 * multiple of 4; `bytes` is a row's.
 */
export const columnSums: Routine = {
  parameters: ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"],
  body: (parameters, local) => {
    const [a, meanA, b, meanB, rows, bytes, sums, products] = parameters as [...Four, ...Four];
    const [column, at, i] = [local("i32"), local("i32"), local("i32")];
    const groups = Array.from({ length: 4 }, () => ({
      sum: local("v128"),
      product: local("v128"),
    }));
    const centred = local("v128");
    return downRows([column, at, i], rows.get, bytes.get, (group) => {
      const { sum, product } = groups[group] as { sum: Local; product: Local };
      const offset = 16 * group;
      const load = (from: Local, place: Local) => f32x4.load(i32.add(from.get, place.get), offset);
      return {
        before: [...sum.set(f32x4.zero), ...product.set(f32x4.zero)],
        each: [
          ...centred.set(f32x4.sub(load(a, at), load(meanA, column))),
          ...sum.set(f32x4.add(sum.get, centred.get)),
          ...product.set(
            f32x4.add(product.get, f32x4.mul(centred.get, f32x4.sub(load(b, at), load(meanB, column)))),
          ),
        ],
        after: [
          ...f32x4.store(i32.add(sums.get, column.get), sum.get, offset),
          ...f32x4.store(i32.add(products.get, column.get), product.get, offset),
        ],
      };
    });
  },
};

/** out = (a - centreA) scaleA + (b - centreB) scaleB, all but a and b per column: the gradient of batch norm. */
export const columnBlend: Routine = {
  parameters: ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"],
  body: (parameters, local) => {
    const [out, a, centreA, scaleA, b, centreB, scaleB, rows, bytes] = parameters as Nine;
    const [column, at, i] = [local("i32"), local("i32"), local("i32")];
    const groups = Array.from({ length: 4 }, () => [0, 0, 0, 0].map(() => local("v128")) as Four);
    return downRows([column, at, i], rows.get, bytes.get, (group) => {
      const [cA, sA, cB, sB] = groups[group] as Four;
      const offset = 16 * group;
      const load = (from: Local, place: Local) => f32x4.load(i32.add(from.get, place.get), offset);
      const part = (of: Local, centre: Local, scale: Local) =>
        f32x4.mul(f32x4.sub(load(of, at), centre.get), scale.get);
      return {
        before: [
          ...cA.set(load(centreA, column)),
          ...sA.set(load(scaleA, column)),
          ...cB.set(load(centreB, column)),
          ...sB.set(load(scaleB, column)),
        ],
        each: f32x4.store(i32.add(out.get, at.get), f32x4.add(part(a, cA, sA), part(b, cB, sB)), offset),
      };
    });
  },
};

/** out = (a - centre) scale + shift, the latter three per column: batch norm. */
export const columnScale: Routine = {
  parameters: ["i32", "i32", "i32", "i32", "i32", "i32", "i32"],
  body: (parameters, local) => {
    const [out, a, centre, scale, shift, rows, bytes] = parameters as [...Four, Local, Local, Local];
    const [column, at, i] = [local("i32"), local("i32"), local("i32")];
    const groups = Array.from({ length: 4 }, () => [0, 0, 0].map(() => local("v128")) as Three);
    return downRows([column, at, i], rows.get, bytes.get, (group) => {
      const [c, sA, s] = groups[group] as Three;
      const offset = 16 * group;
      const load = (from: Local, place: Local) => f32x4.load(i32.add(from.get, place.get), offset);
      return {
        before: [
          ...c.set(load(centre, column)),
          ...sA.set(load(scale, column)),
          ...s.set(load(shift, column)),
        ],
        each: f32x4.store(
          i32.add(out.get, at.get),
          f32x4.add(f32x4.mul(f32x4.sub(load(a, at), c.get), sA.get), s.get),
          offset,
        ),
      };
    });
  },
};

/** a = max(a + shift, floor) in place, the shift per column. */
export const addAndFloor: Routine = {
  parameters: ["i32", "i32", "i32", "i32", "f32"],
  body: (parameters, local) => {
    const [a, shift, rows, bytes, floor] = parameters as [...Four, Local];
    const [column, at, i] = [local("i32"), local("i32"), local("i32")];
    const least = local("v128");
    const groups = Array.from({ length: 4 }, () => local("v128"));
    return [
      ...least.set(f32x4.splat(floor.get)),
      ...downRows([column, at, i], rows.get, bytes.get, (group) => {
        const add = groups[group] as Local;
        const offset = 16 * group;
        const place = i32.add(a.get, at.get);
        return {
          before: add.set(f32x4.load(i32.add(shift.get, column.get), offset)),
          each: f32x4.store(
            place,
            f32x4.max(f32x4.add(f32x4.load(place, offset), add.get), least.get),
            offset,
          ),
        };
      }),
    ];
  },
};
