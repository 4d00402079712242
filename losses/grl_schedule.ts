/** Options of {@linkcode grlSchedule}. */
export interface GrlScheduleOptions {
  /**
   * `"ganin"` grows from 0 to `scale` as 2 / (1 + exp(-gamma p)) - 1; `"constant"` is `scale` from the first step.
   *
   * @default {"ganin"}
   */
  form?: "ganin" | "constant";
  /**
   * The value at which the schedule ends.
   *
   * @default {1}
   */
  scale?: number;
  /**
   * How fast `"ganin"` grows; it has no effect on `"constant"`.
   *
   * @default {10}
   */
  gamma?: number;
}

/**
 * The scale of the gradient reversal layer at a point of the training: Eq. 14 of Ganin & Lempitsky (2015), or a constant.
 * The schedule keeps an untrained discriminator from disturbing the features. Xia & Wang do not say which they use.
 *
 * @param progress The fraction p of the training that is done, in [0, 1].
 * @returns The `scale` to give to {@linkcode gradientReversal}.
 * @throws {RangeError} If `progress` is outside [0, 1], or `scale` or `gamma` is negative or not finite.
 *
 * @example
 * ```ts
 * import { grlSchedule } from "@macro2micro/mer/losses";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * assertEquals(grlSchedule(0), 0);
 * assertAlmostEquals(grlSchedule(0.1), 0.46211716, 1e-8);
 * assertEquals(grlSchedule(0.1, { form: "constant", scale: 0.3 }), 0.3);
 * ```
 */
export function grlSchedule(progress: number, options: GrlScheduleOptions = {}): number {
  const { form = "ganin", scale = 1, gamma = 10 } = options;
  const refuse = (what: string, value: unknown) => {
    throw new RangeError(`Cannot schedule gradient reversal: ${what}, current value is ${value}`);
  };
  if (!(progress >= 0 && progress <= 1)) refuse("progress must be in [0, 1]", progress);
  if (!(scale >= 0 && scale < Infinity)) refuse("scale must be finite and >= 0", scale);
  if (!(gamma >= 0 && gamma < Infinity)) refuse("gamma must be finite and >= 0", gamma);
  switch (form) {
    case "constant":
      return scale;
    case "ganin":
      return scale * (2 / (1 + Math.exp(-gamma * progress)) - 1);
    default:
      return refuse('form must be "ganin" or "constant"', form);
  }
}
