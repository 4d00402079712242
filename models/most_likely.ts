import { UserError } from "../types.ts";

/**
 * The class with the largest probability, of equal ones the first.
 *
 * @throws {UserError} If one of them is no number: the network's weights have left all bounds.
 *
 * @example
 * ```ts
 * import { mostLikely } from "@macro2micro/mer/models";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(mostLikely([0.2, 0.4, 0.4]), 1);
 * assertThrows(() => mostLikely([NaN, NaN]), Error, "lower the learning rate");
 * ```
 */
export function mostLikely(probabilities: readonly number[]): number {
  if (probabilities.some(Number.isNaN)) {
    throw new UserError(
      "Cannot predict: the network's answer is no number, for its training has left all bounds; lower the learning rate and train again.",
    );
  }
  return probabilities.indexOf(Math.max(...probabilities));
}
