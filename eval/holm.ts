/**
 * Adjusts the p-values of several tests for there being several (Holm 1979): with the smallest first, the k-th of m is
 * multiplied by m - k + 1, made no smaller than the one before it, and at most 1. An adjusted value below 0.05 may be called
 * significant at 0.05 for all tests together; valid however the tests depend on each other.
 *
 * @param pValues In any order, each in [0, 1].
 * @returns The adjusted values in the same order.
 * @throws {RangeError} If a value is out of range.
 *
 * @example
 * ```ts
 * import { holm } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(holm([0.01, 0.5, 0.02]), [0.03, 0.5, 0.04]);
 * ```
 */
export function holm(pValues: readonly number[]): number[] {
  const odd = pValues.find((p) => !(p >= 0 && p <= 1));
  if (odd !== undefined) {
    throw new RangeError(`Cannot adjust p-values: they must be in [0, 1], current value is ${odd}`);
  }
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = new Array<number>(pValues.length);
  let least = 0;
  order.forEach((i, k) => {
    least = Math.max(least, Math.min(1, (pValues.length - k) * pValues[i]!));
    adjusted[i] = least;
  });
  return adjusted;
}
