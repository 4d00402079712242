/** Sorts `img9` before `img10`; equal but for case falls back to plain order, so the order is total. */
export function byNumber(a: string, b: string): number {
  const [x, y] = [chunks(a), chunks(b)];
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
