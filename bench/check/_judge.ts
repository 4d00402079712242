/** A ratio as it is committed: the median of five repeats, and how far they lay apart as a part of it. */
export interface Ratio {
  readonly median: number;
  /** (largest - smallest) / median. */
  readonly spread: number;
}

/** Median and spread of repeats. */
export function ratioOf(repeats: readonly number[]): Ratio {
  const sorted = repeats.toSorted((a, b) => a - b);
  const median = sorted[sorted.length >> 1] as number;
  return { median, spread: ((sorted.at(-1) as number) - (sorted[0] as number)) / median };
}

/**
 * By how much a ratio may exceed the committed one, as a part of it: 1.5 times the spread of five repeats, the committed ones or
 * these, whichever lay further apart, never more than 0.3, and never less than 0.1: five repeats within a minute do not show by how
 * much another hour or another machine differs.
 */
export function allowance(committed: Ratio, found: Ratio): number {
  return Math.min(0.3, Math.max(0.1, 1.5 * Math.max(committed.spread, found.spread)));
}

/** What became of a case. */
export interface Verdict {
  readonly name: string;
  /** found / committed - 1; undefined where one of the two is missing. */
  readonly change?: number;
  readonly allowed?: number;
  readonly fails: boolean;
}

/** Compares every committed ratio with the one found. A case that is missing on either side fails: the list must be committed anew. */
export function judge(
  committed: Readonly<Record<string, Ratio>>,
  found: Readonly<Record<string, Ratio>>,
): Verdict[] {
  return [...new Set([...Object.keys(committed), ...Object.keys(found)])].map((name): Verdict => {
    const [old, now] = [committed[name], found[name]];
    if (old === undefined || now === undefined) return { name, fails: true };
    const change = now.median / old.median - 1, allowed = allowance(old, now);
    return { name, change, allowed, fails: change > allowed };
  });
}
