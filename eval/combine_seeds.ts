/**
 * One p-value from the tests of several seeds. Seeds are tested on the same clips, so their p-values depend on each other and must not
 * be treated as independent evidence (as pooling their predictions or Fisher's method would).
 *
 * With k the smallest number that is more than half of n seeds, the k-th smallest p-value times n / k, at most 1, is valid however they
 * depend on each other (Rüger 1978). It is small only where most seeds' p-values are: of five seeds three have to show the
 * difference. Of one seed it is that seed's p-value.
 *
 * @param pValues One for each seed, each in [0, 1].
 * @throws {RangeError} If there are none or a value is out of range.
 *
 * @example
 * ```ts
 * import { combineSeeds } from "@macro2micro/mer/eval";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(combineSeeds([0.001, 0.4, 0.01, 0.012, 0.9]), 0.012 * 5 / 3, 1e-15);
 * ```
 */
export function combineSeeds(pValues: readonly number[]): number {
  if (pValues.length === 0) throw new RangeError("Cannot combine p-values: there are none");
  const odd = pValues.find((p) => !(p >= 0 && p <= 1));
  if (odd !== undefined) {
    throw new RangeError(`Cannot combine p-values: they must be in [0, 1], current value is ${odd}`);
  }
  const n = pValues.length;
  const k = Math.floor(n / 2) + 1;
  const middle = [...pValues].sort((a, b) => a - b)[k - 1]!;
  return Math.min(1, middle * n / k);
}
