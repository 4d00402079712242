import { type Code, f32x4, i32, type Local, loop, type Routine } from "../_assemble.ts";
import { type Eight, n, range, times } from "./_common.ts";

/**
 * Adds leftᵀ right to `out` (taps * length rows of `columns` floats, a multiple of 8), for left as in `convolve` and `count`
 * rows of right, packed, whose panels are `panelStride` bytes apart: the gradient of the filter. 12 registers hold
 * 6 rows by 8 columns of the result.
 */
export function correlate(multiplyAdd: (a: Code, b: Code, c: Code) => Code): Routine {
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
