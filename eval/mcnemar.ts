import { chiSquaredTail } from "./_distributions.ts";

/** The outcome of {@linkcode mcnemar}. */
export interface McNemar {
  /** Clips that the first alone got right. */
  readonly onlyFirst: number;
  /** Clips that the second alone got right. */
  readonly onlySecond: number;
  /** Which form of the test was used: the exact binomial one, or chi-squared with continuity correction. */
  readonly method: "exact" | "chi-squared";
  /** Two-sided. */
  readonly pValue: number;
  /**
   * Cohen's g: the share of the clips on which they differ that the first got right, less 1/2. From -0.5 to 0.5; 0 where they
   * differ on none.
   */
  readonly effect: number;
}

/** Below so many clips on which two methods differ, {@linkcode mcnemar} is exact. */
const exactBelow = 25;

/**
 * McNemar's test: do two methods get equally many of the same clips right? Only clips that one alone got right count.
 *
 * With fewer than 25 of them the p-value is exact: twice the smaller tail of the binomial distribution with probability 1/2, at most
 * 1. With more it is that of (|b - c| - 1)^2 / (b + c), chi-squared with one degree of freedom (Edwards 1948).
 *
 * The test takes clips for independent, which clips of one subject are not: read it beside {@linkcode wilcoxonSignedRank} over subjects.
 *
 * @param onlyFirst b, clips that the first alone got right.
 * @param onlySecond c, clips that the second alone got right.
 * @throws {RangeError} If a count is not an integer >= 0.
 *
 * @example
 * ```ts
 * import { mcnemar } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const { method, pValue, effect } = mcnemar(1, 5);
 * assertEquals(method, "exact");
 * assertEquals(pValue, 2 * (1 + 6) / 2 ** 6); // none or one of six coins shows heads, or the other way round
 * assertEquals(effect, 1 / 6 - 1 / 2);
 * ```
 */
export function mcnemar(onlyFirst: number, onlySecond: number): McNemar {
  for (const count of [onlyFirst, onlySecond]) {
    if (!Number.isInteger(count) || count < 0) {
      throw new RangeError(
        `Cannot test with McNemar: counts must be integers >= 0, current value is ${count}`,
      );
    }
  }
  const discordant = onlyFirst + onlySecond;
  const effect = discordant === 0 ? 0 : onlyFirst / discordant - 1 / 2;
  if (discordant < exactBelow) {
    const pValue = exactP(Math.min(onlyFirst, onlySecond), discordant);
    return { onlyFirst, onlySecond, method: "exact", pValue, effect };
  }
  const distance = Math.max(0, Math.abs(onlyFirst - onlySecond) - 1);
  const pValue = chiSquaredTail(distance ** 2 / discordant);
  return { onlyFirst, onlySecond, method: "chi-squared", pValue, effect };
}

/** Twice the probability of at most k heads of n coins, at most 1. */
function exactP(k: number, n: number): number {
  let [ways, sum] = [1, 0]; // whole numbers below 2^53
  for (let i = 0; i <= k; i++) {
    sum += ways;
    ways = ways * (n - i) / (i + 1);
  }
  return Math.min(1, 2 * sum / 2 ** n);
}
