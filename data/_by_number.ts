/** Sorts `img9` before `img10`; equal but for case falls back to plain order, so the order is total. */
export function byNumber(a: string, b: string): number {
  return compare(a, chunks(a), b, chunks(b));
}

/** The names in that order, each taken apart once: much of the time of reading a database went into taking them apart at every comparison. */
export function sortedByNumber(names: readonly string[]): string[] {
  return names.map((name) => [name, chunks(name)] as const)
    .sort(([a, x], [b, y]) => compare(a, x, b, y)).map(([name]) => name);
}

function compare(a: string, x: readonly string[], b: string, y: readonly string[]): number {
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const [p, q] = [x[i]!, y[i]!];
    if (p === q) continue;
    const [m, n] = [Number(p), Number(q)];
    if (Number.isNaN(m) || Number.isNaN(n)) return p < q ? -1 : 1;
    if (m !== n) return m - n;
  }
  return x.length - y.length || (a < b ? -1 : a > b ? 1 : 0);
}

function chunks(text: string): string[] {
  return text.toLowerCase().match(/\d+|\D+/g) ?? [];
}
