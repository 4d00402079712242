import { type Code, f32x4, i32, type Local, loop, type Routine } from "../_assemble.ts";
import { type Eight, n, range, type Seven, times } from "./_common.ts";

/** Rows that `convolve` computes at a time: its row lists must hold a multiple of it. */
export const tileRows = 6;
/** Columns that it computes at a time: packed matrices come in panels of so many columns. */
export const panelColumns = 8;

/**
 * The matrix product behind convolutions. Row i of the left matrix is spread over memory: `taps` pieces of `length`
 * floats, the first at rows[i], each further one `tapStride` bytes on (the rows of a window in a padded image). The right matrix
 * is packed: panels of 8 columns, each taps * length rows of 8 floats. 8 floats of row i and panel j go to outs[i] + 32 j.
 * 12 registers hold the sums of 6 rows by 8 columns while the left and right values stream past.
 */
export function convolve(multiplyAdd: (a: Code, b: Code, c: Code) => Code): Routine {
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
