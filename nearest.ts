/**
 * Suggestions for mistyped names, shared by everything that takes names from users.
 *
 * @module
 */

/** " (did you mean X?)" for the known name nearest to a mistyped one, or the known names where none is near. */
export function nearest(name: string, known: readonly string[]): string {
  const ranked = known.map((k) => [editDistance(name.toLowerCase(), k.toLowerCase()), k] as const).sort((
    a,
    b,
  ) => a[0] - b[0]);
  const best = ranked[0];
  if (best && best[0] <= Math.max(2, name.length / 3)) return ` (did you mean ${best[1]}?)`;
  return known.length > 0 ? ` (known: ${known.join(", ")})` : "";
}

/** Levenshtein's distance, with a swap of neighbours as one edit. */
function editDistance(a: string, b: string): number {
  const d = Array.from(
    { length: a.length + 1 },
    (_, i) => Array.from({ length: b.length + 1 }, (_, j) => i === 0 ? j : j === 0 ? i : 0),
  );
  const at = (i: number, j: number) => d[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(
        at(i - 1, j) + 1,
        at(i, j - 1) + 1,
        at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, at(i - 2, j - 2) + 1);
      }
      (d[i] as number[])[j] = cost;
    }
  }
  return at(a.length, b.length);
}
