import {
  assemble,
  clear,
  type Code,
  copy,
  f32,
  f32x4,
  i32,
  type Local,
  loop,
  type Routine,
} from "../../engine/assemble.ts";
import { medianOf } from "./_median_network.ts";

/**
 * The state of TV-L1 lies in memory by groups of four neighbouring pixels of a row: ten vectors a group, so that one
 * pointer reaches all of them. Lanes beyond the last column hold 0 everywhere but in `inverse`.
 */
export const fields = {
  /** The flow u. */
  u: 0,
  v: 16,
  /** The dual variables: p1 = (p11, p12) belongs to u, p2 = (p21, p22) to v. */
  p11: 32,
  p12: 48,
  p21: 64,
  p22: 80,
  /** The gradient of the moved image. */
  ix: 96,
  iy: 112,
  /** 1 over the gradient's square. */
  inverse: 128,
  /** The constant part of rho. */
  rho: 144,
} as const;

/** Bytes of a group. */
export const groupBytes = 160;
/** Zeros around an image that is to be sampled, in pixels: what lies outside is black. */
export const frame = 4;
/** Below this square of the gradient the data say nothing (the smallest float above 1, less 1). */
const flat = 2 ** -23;

const n = i32.const;
const { u, v, p11, p12, p21, p22, ix, iy, inverse, rho } = fields;

/** Locals of a sweep. */
interface Sweep {
  /** The group of the row where the flow is renewed, and the group above, whose dual variables are. */
  readonly here: Local;
  readonly above: Local;
  readonly theta: Local;
  readonly step: Local;
  readonly limit: Local;
  readonly floor: Local;
  readonly one: Local;
  /** All ones in lanes of the last group that have a neighbour on the right. */
  readonly inner: Local;
  readonly error: Local;
  /** p11 and p21 of the group on the left. */
  readonly left1: Local;
  readonly left2: Local;
  readonly newU: Local;
  readonly newV: Local;
  readonly force: Local;
  readonly old: Local;
  readonly dual: Local;
  readonly dx: Local;
  readonly dy: Local;
  readonly ratio: Local;
}

/** Renews the flow of a group (Zach et al. 2007, Eq. 15 and 10): u = v + theta div p with v the thresholded point. */
function renewFlow(s: Sweep, top: boolean): Code {
  const at = (field: number) => f32x4.load(s.here.get, field);
  const one = (flow: number, along: number, down: number, gradient: number, left: Local, to: Local): Code => [
    ...s.old.set(at(flow)),
    ...s.dual.set(at(along)),
    // Backward differences; beyond the border the dual variables are 0.
    ...to.set(f32x4.sub(s.dual.get, f32x4.shuffle(left.get, s.dual.get, [3, 4, 5, 6]))),
    ...to.set(f32x4.add(to.get, top ? at(down) : f32x4.sub(at(down), f32x4.load(s.above.get, down)))),
    ...to.set(
      f32x4.add(
        f32x4.sub(s.old.get, f32x4.mul(s.force.get, at(gradient))),
        f32x4.mul(s.theta.get, to.get),
      ),
    ),
    ...left.set(s.dual.get),
    ...s.old.set(f32x4.sub(to.get, s.old.get)),
    ...s.error.set(f32x4.add(s.error.get, f32x4.mul(s.old.get, s.old.get))),
    ...f32x4.store(s.here.get, to.get, flow),
  ];
  return [
    // rho(u) over the gradient's square, held within -lambda theta .. lambda theta: all three cases of the threshold in one.
    ...s.force.set(
      f32x4.mul(
        f32x4.add(at(rho), f32x4.add(f32x4.mul(at(ix), at(u)), f32x4.mul(at(iy), at(v)))),
        at(inverse),
      ),
    ),
    ...s.force.set(f32x4.pseudoMin(f32x4.pseudoMax(s.force.get, s.floor.get), s.limit.get)),
    ...one(u, p11, p12, ix, s.left1, s.newU),
    ...one(v, p21, p22, iy, s.left2, s.newV),
  ];
}

/** Renews the dual variables of the group above: p = (p + tau/theta grad u) / (1 + tau/theta |grad u|). */
function renewDual(s: Sweep, last: boolean, bottom: boolean): Code {
  const at = (field: number, group = 0) => f32x4.load(s.above.get, field + group * groupBytes);
  const one = (flow: number, along: number, down: number, below: Local): Code => {
    const right = f32x4.sub(f32x4.shuffle(at(flow), at(flow, 1), [1, 2, 3, 4]), at(flow));
    const renewed = (dual: number, difference: Local) =>
      f32x4.store(
        s.above.get,
        f32x4.mul(f32x4.add(at(dual), f32x4.mul(s.step.get, difference.get)), s.ratio.get),
        dual,
      );
    return [
      ...s.dx.set(last ? f32x4.and(right, s.inner.get) : right),
      ...s.dy.set(bottom ? f32x4.zero : f32x4.sub(below.get, at(flow))),
      ...s.ratio.set(
        f32x4.sqrt(f32x4.add(f32x4.mul(s.dx.get, s.dx.get), f32x4.mul(s.dy.get, s.dy.get))),
      ),
      ...s.ratio.set(
        f32x4.div(s.one.get, f32x4.add(s.one.get, f32x4.mul(s.step.get, s.ratio.get))),
      ),
      ...renewed(along, s.dx),
      ...renewed(down, s.dy),
    ];
  };
  return [...one(u, p11, p12, s.newU), ...one(v, p21, p22, s.newV)];
}

/**
 * One iteration over all pixels in one sweep: a row's flow, then the dual variables of the row above, which need it. Arguments: the first
 * group, groups a row, rows, theta, tau/theta, lambda theta, the address of `inner`, and where the four sums of squared changes go.
 */
const iterate: Routine = {
  parameters: ["i32", "i32", "i32", "f32", "f32", "f32", "i32", "i32"],
  body: (parameters, local) => {
    const [first, groups, rows, theta, step, limit, inner, sums] = parameters as Local[] as [
      ...[Local, Local, Local, Local],
      ...[Local, Local, Local, Local],
    ];
    const vector = () => local("v128");
    const [y, g, here, above] = [local("i32"), local("i32"), local("i32"), local("i32")];
    const s: Sweep = {
      ...{ here, above, theta: vector(), step: vector(), limit: vector(), floor: vector(), one: vector() },
      ...{
        inner: vector(),
        error: vector(),
        left1: vector(),
        left2: vector(),
        newU: vector(),
        newV: vector(),
      },
      ...{ force: vector(), old: vector(), dual: vector(), dx: vector(), dy: vector(), ratio: vector() },
    };
    const row = (flow: boolean, top: boolean, dual: boolean): Code => {
      const group = (last: boolean): Code => [
        ...(flow ? renewFlow(s, top) : []),
        ...(dual ? renewDual(s, last, !flow) : []),
      ];
      return [
        ...s.left1.set(f32x4.zero),
        ...s.left2.set(f32x4.zero),
        ...loop(g, n(1), groups.get, 1, [
          ...group(false),
          ...here.add(n(groupBytes)),
          ...above.add(n(groupBytes)),
        ]),
        ...group(true),
        ...here.add(n(groupBytes)),
        ...above.add(n(groupBytes)),
      ];
    };
    return [
      ...s.theta.set(f32x4.splat(theta.get)),
      ...s.step.set(f32x4.splat(step.get)),
      ...s.limit.set(f32x4.splat(limit.get)),
      ...s.floor.set(f32x4.sub(f32x4.zero, s.limit.get)),
      ...s.one.set(f32x4.const([1, 1, 1, 1])),
      ...s.inner.set(f32x4.load(inner.get)),
      ...here.set(first.get),
      ...row(true, true, false),
      ...above.set(first.get),
      ...loop(y, n(1), rows.get, 1, row(true, false, true)),
      ...row(false, false, true),
      ...f32x4.store(sums.get, s.error.get),
    ];
  },
};

/** The four weights of cubic convolution with a = -0.75 at t in 0..1, as vectors of the coefficients of t^3, t^2, t and 1. */
const cubic = [[-0.75, 1.25, -1.25, 0.75], [1.5, -2.25, 1.5, -0.75], [-0.75, 0, 0.75, 0], [
  0,
  1,
  0,
  0,
]] as const;

/**
 * Moves the second image and its gradient back by the flow, and from them makes what an iteration needs: gradient, 1 over its square, and
 * rho's constant part I1(x + u0) - grad I1(x + u0) u0 - I0. Arguments: the first group, the first image (rows of `pitch` bytes), the
 * framed images I1, its x and y gradients (at pixel 0, 0), bytes a row of the framed ones, width, height, pitch, bytes a row of groups.
 */
const warp: Routine = {
  parameters: ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"],
  body: (parameters, local) => {
    const [state, image, moved, gradientX, gradientY, framed, width, height, pitch, stateRow] =
      parameters as [Local, Local, Local, Local, Local, Local, Local, Local, Local, Local];
    const [x, y, at, from, whole, row] = Array.from({ length: 6 }, () => local("i32")) as [
      ...[Local, Local, Local],
      ...[Local, Local, Local],
    ];
    const [flowU, flowV, place, value, slopeX, slopeY] = Array.from({ length: 6 }, () => local("f32")) as [
      ...[Local, Local, Local],
      ...[Local, Local, Local],
    ];
    const [across, down, t, sum] = Array.from({ length: 4 }, () => local("v128")) as [
      Local,
      Local,
      Local,
      Local,
    ];
    // A place that is wholly outside stays so when it is brought to the frame's edge.
    const weights = (of: Local, position: Local, flow: Local, size: Local): Code => [
      ...place.set(
        f32.max(
          f32.min(f32.add(f32.from(position.get), flow.get), f32.add(f32.from(size.get), f32.const(1))),
          f32.const(-2),
        ),
      ),
      ...whole.set(i32.truncate(f32.floor(place.get))),
      ...t.set(f32x4.splat(f32.sub(place.get, f32.from(whole.get)))),
      ...of.set(
        cubic.map((lanes) => f32x4.const([...lanes])).reduce((a, b) => f32x4.add(f32x4.mul(a, t.get), b)),
      ),
    ];
    const sample = (to: Local, plane: Local): Code => [
      ...row.set(i32.add(plane.get, from.get)),
      ...([0, 1, 2, 3] as const).flatMap((k) => {
        const line = f32x4.mul(f32x4.load(row.get), f32x4.shuffle(down.get, down.get, [k, k, k, k]));
        return [
          ...sum.set(k === 0 ? line : f32x4.add(sum.get, line)),
          ...(k === 3 ? [] : row.add(framed.get)),
        ];
      }),
      ...sum.set(f32x4.mul(sum.get, across.get)),
      ...sum.set(f32x4.add(sum.get, f32x4.shuffle(sum.get, sum.get, [2, 3, 0, 1]))),
      ...to.set(f32.add(f32x4.lane(sum.get, 0), f32x4.lane(sum.get, 1))),
    ];
    return loop(y, n(0), height.get, 1, [
      ...loop(x, n(0), width.get, 1, [
        ...at.set(
          i32.add(
            i32.add(state.get, i32.mul(i32.shiftRight(x.get, n(2)), n(groupBytes))),
            i32.shl(i32.and(x.get, n(3)), n(2)),
          ),
        ),
        ...flowU.set(f32.load(at.get, u)),
        ...flowV.set(f32.load(at.get, v)),
        ...weights(across, x, flowU, width),
        ...from.set(i32.shl(i32.sub(whole.get, n(1)), n(2))),
        ...weights(down, y, flowV, height),
        ...from.add(i32.mul(i32.sub(whole.get, n(1)), framed.get)),
        ...sample(value, moved),
        ...sample(slopeX, gradientX),
        ...sample(slopeY, gradientY),
        ...f32.store(at.get, slopeX.get, ix),
        ...f32.store(at.get, slopeY.get, iy),
        ...f32.store(
          at.get,
          f32.div(
            f32.const(1),
            f32.max(
              f32.add(f32.mul(slopeX.get, slopeX.get), f32.mul(slopeY.get, slopeY.get)),
              f32.const(flat),
            ),
          ),
          inverse,
        ),
        ...f32.store(
          at.get,
          f32.sub(
            f32.sub(
              f32.sub(value.get, f32.mul(slopeX.get, flowU.get)),
              f32.mul(slopeY.get, flowV.get),
            ),
            f32.load(i32.add(image.get, i32.shl(x.get, n(2)))),
          ),
          rho,
        ),
      ]),
      ...state.add(stateRow.get),
      ...image.add(pitch.get),
    ]);
  },
};

/**
 * Copies one component of the flow into a plane with its border pixels repeated twice around: the first group plus the component's offset, groups
 * a row, rows, the plane (at its corner), its bytes a row, width.
 */
const spread: Routine = {
  parameters: ["i32", "i32", "i32", "i32", "i32", "i32"],
  body: (parameters, local) => {
    const [state, groups, rows, plane, pitch, width] = parameters as [
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
    ];
    const [y, g, to, end] = [local("i32"), local("i32"), local("i32"), local("i32")];
    const edge = (offset: number, value: Code, at: Local) => f32.store(at.get, value, offset);
    return [
      ...plane.add(i32.shl(pitch.get, n(1))),
      ...loop(y, n(0), rows.get, 1, [
        ...to.set(i32.add(plane.get, n(8))),
        ...loop(g, n(0), groups.get, 1, [
          ...f32x4.store(to.get, f32x4.load(state.get)),
          ...state.add(n(groupBytes)),
          ...to.add(n(16)),
        ]),
        ...edge(0, f32.load(plane.get, 8), plane),
        ...edge(4, f32.load(plane.get, 8), plane),
        ...end.set(i32.add(plane.get, i32.shl(width.get, n(2)))),
        ...edge(8, f32.load(end.get, 4), end),
        ...edge(12, f32.load(end.get, 4), end),
        ...plane.add(pitch.get),
      ]),
      // Now `plane` is the row below the last one.
      ...copy(plane.get, i32.sub(plane.get, pitch.get), pitch.get),
      ...copy(i32.add(plane.get, pitch.get), plane.get, pitch.get),
      ...to.set(i32.sub(plane.get, i32.mul(rows.get, pitch.get))),
      ...copy(i32.sub(to.get, pitch.get), to.get, pitch.get),
      ...copy(i32.sub(i32.sub(to.get, pitch.get), pitch.get), to.get, pitch.get),
    ];
  },
};

/**
 * The median of the side x side pixels around each one of a plane that `spread` made, back into the state: the arguments of `spread`
 * but for the width, in its place the address of a mask that clears the lanes of the last group beyond the last column.
 */
function median(side: 3 | 5): Routine {
  return {
    parameters: ["i32", "i32", "i32", "i32", "i32", "i32"],
    body: (parameters, local) => {
      const [state, groups, rows, plane, pitch, mask] = parameters as [
        Local,
        Local,
        Local,
        Local,
        Local,
        Local,
      ];
      const [y, g, at] = [local("i32"), local("i32"), local("i32")];
      const inside = local("v128"), spare = (5 - side) / 2;
      const lines = Array.from({ length: side }, () => local("i32"));
      const window = lines.flatMap((line) => lines.map((_, k) => f32x4.load(line.get, 4 * (k + spare))));
      const { code, result } = medianOf(window, () => local("v128"));
      const group = (last: boolean): Code => [
        ...code,
        ...f32x4.store(state.get, last ? f32x4.and(result.get, inside.get) : result.get),
        ...state.add(n(groupBytes)),
        ...lines.flatMap((line) => line.add(n(16))),
      ];
      return [
        ...inside.set(f32x4.load(mask.get)),
        ...at.set(i32.add(plane.get, i32.mul(pitch.get, n(spare)))),
        ...loop(y, n(0), rows.get, 1, [
          ...lines.flatMap((line, k) => line.set(k === 0 ? at.get : i32.add(lines[k - 1]!.get, pitch.get))),
          ...loop(g, n(1), groups.get, 1, group(false)),
          ...group(true),
          ...at.add(pitch.get),
        ]),
      ];
    },
  };
}

/** Sets bytes to 0. */
const zero: Routine = {
  parameters: ["i32", "i32"],
  body: (parameters) => {
    const [at, bytes] = parameters as [Local, Local];
    return clear(at.get, bytes.get);
  },
};

/** The module of all routines, which imports its memory. */
export function tvl1Module(): Uint8Array<ArrayBuffer> {
  return assemble({ iterate, warp, spread, median3: median(3), median5: median(5), zero });
}
