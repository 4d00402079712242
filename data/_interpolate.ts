/** Where T frames lie between two positions: `first + k (last - first) / (T - 1)`; a single frame lies in the middle. */
export function framePositions(first: number, last: number, frames: number): number[] {
  if (frames === 1) return [(first + last) / 2];
  return Array.from({ length: frames }, (_, k) => first + k * (last - first) / (frames - 1));
}

/** Writes `(1 - part) a + part b`, rounded, to `out` from `at` on. */
export function blend(a: Uint8Array, b: Uint8Array, part: number, out: Uint8Array, at: number): void {
  if (part === 0 || a === b) {
    out.set(a, at);
    return;
  }
  for (let i = 0; i < a.length; i++) out[at + i] = a[i]! + part * (b[i]! - a[i]!) + 0.5;
}
