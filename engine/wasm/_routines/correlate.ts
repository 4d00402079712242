import { type Code, f32x4, i32, type Local, loop, type Routine } from "../_assemble.ts";
import { type Eight, n, range, times } from "./_common.ts";

/**
 * Adds leftᵀ right to `out` (taps * length rows of `columns` floats, a multiple of 8), for left as in `convolve` and `count`
 * rows of right, packed, whose panels are `panelStride` bytes apart: the gradient of the filter. 12 registers hold
 * 6 rows by 8 columns of the result.
 */
export function correlate(multiplyAdd: (a: Code, b: Code, c: Code) => Code): Routine {
  const unroll = 4;
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
      /** Adds the products of the next rows of left and right, `count` of them, to the first `height` rows of sums. */
      const products = (height: number, count: number): Code => [
        ...range(count).flatMap((u) => [
          ...a.set(i32.add(i32.load(at.get, 4 * u), tapOffset.get)),
          ...b0.set(f32x4.load(b.get, 32 * u)),
          ...b1.set(f32x4.load(b.get, 32 * u + 16)),
          ...sums.slice(0, height).flatMap(([s0, s1], r) => [
            ...value.set(f32x4.loadSplat(a.get, 4 * r)),
            ...s0.set(multiplyAdd(value.get, b0.get, s0.get)),
            ...s1.set(multiplyAdd(value.get, b1.get, s1.get)),
          ]),
        ]),
        ...at.add(n(4 * count)),
        ...b.add(n(32 * count)),
      ];
      /** `height` rows of the result from row `k` of the tap on. */
      const block = (height: number): Code => {
        const place = i32.add(
          i32.add(out.get, j.get),
          i32.mul(i32.add(i32.mul(tap.get, length.get), k.get), stride.get),
        );
        const each = (f: (sum: Local, offset: number) => Code): Code => [
          ...row.set(place),
          ...sums.slice(0, height).flatMap(([s0, s1]) => [...f(s0, 0), ...f(s1, 16), ...row.add(stride.get)]),
        ];
        return [
          ...panel.set(right.get),
          ...loop(j, n(0), stride.get, 32, [
            ...each((sum, offset) => sum.set(f32x4.load(row.get, offset))),
            ...at.set(rows.get),
            ...b.set(panel.get),
            ...loop(m, n(0), i32.and(count.get, n(-unroll)), unroll, products(height, unroll)),
            ...loop(m, i32.and(count.get, n(-unroll)), count.get, 1, products(height, 1)),
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
