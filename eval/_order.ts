import type { ClipIdentity } from "../types.ts";

/** Numbers inside a text, or single other characters. */
const pieces = /\d+|\D/gu;

/**
 * Order of names with the numbers in them compared as numbers: sub2 before sub10. Names that differ only in leading
 * zeros (s1, s01) are ordered by code unit, so that the order is total and the same on every machine.
 */
export function compareNames(a: string, b: string): number {
  const [x, y] = [a.match(pieces) ?? [], b.match(pieces) ?? []];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const [p, q] = [x[i]!, y[i]!];
    if (p === q) continue;
    const bothNumbers = /^\d/.test(p) && /^\d/.test(q);
    if (bothNumbers && BigInt(p) !== BigInt(q)) return BigInt(p) < BigInt(q) ? -1 : 1;
    if (!bothNumbers) return p < q ? -1 : 1;
  }
  return x.length - y.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** Order of clips by database, subject and name. */
export function compareClips(a: ClipIdentity, b: ClipIdentity): number {
  return compareNames(a.database, b.database) || compareNames(a.subject, b.subject) ||
    compareNames(a.clip, b.clip);
}

/** A clip's identity as people write it. */
export function clipName({ database, subject, clip }: ClipIdentity): string {
  return `${database}/${subject}/${clip}`;
}

/** A clip's identity as a key that no other clip shares, whatever characters the names hold. */
export function clipKey({ database, subject, clip }: ClipIdentity): string {
  return JSON.stringify([database, subject, clip]);
}
