import { type Code, f32x4, i32, type Local, loop, type Routine } from "./_assemble.ts";

const n = (value: number) => i32.const(value);
/** A float parameter in four lanes. */
const four = (parameter: Local) => f32x4.splat(parameter.get);

/**
 * Elementwise over `bytes` bytes, a multiple of 16 (allocations are): one pass of `each`, which gets the offset.
 */
function elementwise(
  floats: number,
  addresses: number,
  each: (addresses: Code[], scalars: Local[], local: (type: "v128") => Local) => Code,
): Routine {
  return {
    parameters: [...new Array(addresses + 1).fill("i32"), ...new Array(floats).fill("f32")],
    body: (parameters, local) => {
      const bytes = parameters[addresses] as Local;
      const i = local("i32");
      const lanes = parameters.slice(addresses + 1).map(() => local("v128"));
      return [
        ...lanes.flatMap((lane, s) => lane.set(four(parameters[addresses + 1 + s] as Local))),
        ...loop(
          i,
          n(0),
          bytes.get,
          16,
          each(parameters.slice(0, addresses).map((a) => i32.add(a.get, i.get)), lanes, local),
        ),
      ];
    },
  };
}

/**
 * Adam over one parameter: addresses of the new and the old parameter, the gradient and the moments, which change in place; then
 * beta1, 1 - beta1, beta2, 1 - beta2, the rate and epsilon (both times the root of the correction), the weight decay.
 */
const adam = elementwise(7, 5, (addresses, scalars, local) => {
  const [next, p, g, m, v] = addresses as [Code, Code, Code, Code, Code];
  const [b1, c1, b2, c2, rate, epsilon, decay] = scalars as [Local, Local, Local, Local, Local, Local, Local];
  const [parameter, gradient, mean, square] = [local("v128"), local("v128"), local("v128"), local("v128")];
  return [
    ...parameter.set(f32x4.load(p)),
    ...gradient.set(f32x4.add(f32x4.load(g), f32x4.mul(parameter.get, decay.get))),
    ...mean.set(f32x4.add(f32x4.mul(f32x4.load(m), b1.get), f32x4.mul(gradient.get, c1.get))),
    ...square.set(
      f32x4.add(f32x4.mul(f32x4.load(v), b2.get), f32x4.mul(f32x4.mul(gradient.get, gradient.get), c2.get)),
    ),
    ...f32x4.store(m, mean.get),
    ...f32x4.store(v, square.get),
    ...f32x4.store(
      next,
      f32x4.sub(
        parameter.get,
        f32x4.div(f32x4.mul(mean.get, rate.get), f32x4.add(f32x4.sqrt(square.get), epsilon.get)),
      ),
    ),
  ];
});

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
const columnSums: Routine = {
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
const columnBlend: Routine = {
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
const columnScale: Routine = {
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
const addAndFloor: Routine = {
  parameters: ["i32", "i32", "i32", "i32", "f32"],
  body: (parameters, local) => {
    const [a, shift, rows, bytes, floor] = parameters as [...Four, Local];
    const [column, at, i] = [local("i32"), local("i32"), local("i32")];
    const least = local("v128");
    const groups = Array.from({ length: 4 }, () => local("v128"));
    return [
      ...least.set(four(floor)),
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

/**
 * The gradient of max pooling for one window: adds dy to dx at the window's largest x, the first one of equals. Groups of four channels;
 * the window's first place is at x and dx, its rows and columns are so many bytes apart.
 */
const maxWindow: Routine = {
  parameters: ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"],
  body: (parameters, local) => {
    const [x, dx, dy, rows, columns, rowBytes, columnBytes, bytes] = parameters as [...Four, ...Four];
    const [channel, i, j, at] = [0, 0, 0, 0].map(() => local("i32")) as Four;
    const [best, rest, equal] = [local("v128"), local("v128"), local("v128")];
    const places = (each: Code): Code =>
      loop(i, n(0), rows.get, 1, [
        ...at.set(i32.add(channel.get, i32.mul(i.get, rowBytes.get))),
        ...loop(j, n(0), columns.get, 1, [...each, ...at.add(columnBytes.get)]),
      ]);
    const value = f32x4.load(i32.add(x.get, at.get)), target = i32.add(dx.get, at.get);
    return loop(channel, n(0), bytes.get, 16, [
      ...best.set(f32x4.load(i32.add(x.get, channel.get))),
      ...places(best.set(f32x4.max(best.get, value))),
      ...rest.set(f32x4.load(i32.add(dy.get, channel.get))),
      ...places([
        ...equal.set(f32x4.equal(value, best.get)),
        ...f32x4.store(target, f32x4.add(f32x4.load(target), f32x4.and(rest.get, equal.get))),
        ...rest.set(f32x4.andNot(rest.get, equal.get)), // given away
      ]),
    ]);
  },
};

/** The routines that go over values or over rows of channels. */
export const rowRoutines: Readonly<Record<string, Routine>> = {
  adam,
  columnSums,
  columnBlend,
  columnScale,
  addAndFloor,
  maxWindow,
};

type Three = [Local, Local, Local];
type Four = [Local, Local, Local, Local];
type Nine = [...Four, ...Four, Local];
