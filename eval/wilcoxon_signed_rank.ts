import { sum } from "./_counts.ts";
import { normalTail } from "./_distributions.ts";

/** The outcome of {@linkcode wilcoxonSignedRank}. */
export interface WilcoxonSignedRank {
  /** Differences that are not 0: those that were ranked. */
  readonly n: number;
  /** Differences of 0, which were left out. */
  readonly zeros: number;
  /** The sum of the ranks of positive differences. */
  readonly positive: number;
  /** The sum of the ranks of negative differences. */
  readonly negative: number;
  /** Which form of the test was used: the exact one, or the normal approximation with corrections for ties and continuity. */
  readonly method: "exact" | "normal";
  /** Two-sided. */
  readonly pValue: number;
  /** The matched-pairs rank-biserial correlation, (positive - negative) / (positive + negative); 0 where nothing was ranked. */
  readonly effect: number;
}

/** Up to so many differences {@linkcode wilcoxonSignedRank} is exact. */
const exactUpTo = 50;

/**
 * Wilcoxon's signed-rank test: are paired differences, such as those of two methods' accuracy on each subject, symmetric about 0?
 *
 * Differences of 0 are left out before ranking, as Wilcoxon (1945) did, and counted in `zeros`. Equal sizes share the mean of their
 * ranks. Up to 50 differences the p-value is exact: twice the smaller tail of the sum of positive ranks over all
 * 2^n signs of the ranks as they are, ties and all, at most 1. With more it is that of the normal approximation with variance
 * n(n+1)(2n+1)/24 - sum(t^3 - t)/48 over groups of t ties, and a continuity correction of 1/2.
 *
 * Ties are numbers that are equal to the last bit: make the differences by one division each.
 *
 * @param differences All finite.
 * @throws {RangeError} If there are none or one is not finite.
 *
 * @example
 * ```ts
 * import { wilcoxonSignedRank } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const { n, zeros, method, pValue, effect } = wilcoxonSignedRank([0.5, 0.3, 0, 0.2, -0.1]);
 * assertEquals([n, zeros, method], [4, 1, "exact"]);
 * assertEquals(pValue, 2 * 2 / 2 ** 4); // two of the 16 signs give a negative sum of at most 1
 * assertEquals(effect, (9 - 1) / 10);
 * ```
 */
export function wilcoxonSignedRank(differences: readonly number[]): WilcoxonSignedRank {
  if (differences.length === 0) throw new RangeError("Cannot rank differences: there are none");
  const odd = differences.find((d) => !Number.isFinite(d));
  if (odd !== undefined) {
    throw new RangeError(`Cannot rank differences: they must be finite, current value is ${odd}`);
  }
  const ranked = differences.filter((d) => d !== 0).sort((a, b) => Math.abs(a) - Math.abs(b));
  const n = ranked.length;
  const { ranks, ties } = rank(ranked.map(Math.abs));
  const positive = sum(ranks.filter((_, i) => ranked[i]! > 0));
  const negative = n * (n + 1) / 2 - positive;
  const method = n <= exactUpTo ? "exact" : "normal";
  const smaller = Math.min(positive, negative);
  return {
    n,
    zeros: differences.length - n,
    positive,
    negative,
    method,
    pValue: method === "exact" ? exactP(smaller, ranks) : normalP(smaller, n, ties),
    effect: n === 0 ? 0 : (positive - negative) / (positive + negative),
  };
}

/** Ranks of ascending numbers, equal ones sharing their mean, and the sizes of the groups of equal ones. */
function rank(sorted: readonly number[]): { ranks: number[]; ties: number[] } {
  const ranks: number[] = [], ties: number[] = [];
  for (let start = 0; start < sorted.length;) {
    let end = start + 1;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    for (let i = start; i < end; i++) ranks.push((start + 1 + end) / 2);
    if (end - start > 1) ties.push(end - start);
    start = end;
  }
  return { ranks, ties };
}

/** Twice the share of the 2^n signs whose positive ranks add up to at most w, at most 1. Ranks are multiples of 1/2. */
function exactP(w: number, ranks: readonly number[]): number {
  const shares = new Float64Array(2 * sum(ranks) + 1); // of the signs that give each sum, in halves
  shares[0] = 1;
  let most = 0;
  for (const rank of ranks) {
    const step = 2 * rank;
    most += step;
    for (let s = most; s >= 0; s--) {
      shares[s] = (shares[s]! + (s >= step ? shares[s - step]! : 0)) / 2;
    }
  }
  return Math.min(1, 2 * sum([...shares.subarray(0, 2 * w + 1)]));
}

function normalP(w: number, n: number, ties: readonly number[]): number {
  const variance = n * (n + 1) * (2 * n + 1) / 24 - sum(ties.map((t) => t ** 3 - t)) / 48;
  const distance = Math.max(0, n * (n + 1) / 4 - w - 1 / 2);
  return Math.min(1, 2 * normalTail(distance / Math.sqrt(variance)));
}
