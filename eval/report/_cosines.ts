/**
 * The cosines of the angles between all pairs of vectors, n x n: for the few thousand points of a report the plain product of all pairs takes less
 * time than an approximate search by trees, and depends on no random number. A vector of zeros has cosine 0 with all.
 */
export function cosines(points: readonly Float32Array[]): Float32Array {
  const n = points.length, d = points[0]?.length ?? 0;
  const units = new Float32Array(n * d);
  points.forEach((point, i) => {
    const length = Math.sqrt(point.reduce((sum, x) => sum + x * x, 0)) || 1;
    for (let j = 0; j < d; j++) units[i * d + j] = point[j]! / length;
  });
  const cosine = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) cosine[i * n + j] = cosine[j * n + i] = dot(units, i * d, j * d, d);
  }
  return cosine;
}

/** Four sums at once keep the processor busy. */
function dot(x: Float32Array, a: number, b: number, d: number): number {
  let s0 = 0, s1 = 0, s2 = 0, s3 = 0, j = 0;
  for (; j + 3 < d; j += 4) {
    s0 += x[a + j]! * x[b + j]!;
    s1 += x[a + j + 1]! * x[b + j + 1]!;
    s2 += x[a + j + 2]! * x[b + j + 2]!;
    s3 += x[a + j + 3]! * x[b + j + 3]!;
  }
  for (; j < d; j++) s0 += x[a + j]! * x[b + j]!;
  return s0 + s1 + s2 + s3;
}

/** The positions of the k greatest values among those that `counts` lets in, greatest first, equal ones in their order. */
export function greatest(values: Float32Array, k: number, counts: (position: number) => boolean): number[] {
  const best: number[] = [];
  for (let j = 0; j < values.length; j++) {
    if (best.length === k && values[j]! <= values[best[k - 1]!]! || !counts(j)) continue;
    let at = Math.min(best.length, k - 1);
    while (at > 0 && values[best[at - 1]!]! < values[j]!) {
      best[at] = best[at - 1]!;
      at--;
    }
    best[at] = j;
  }
  return best;
}
