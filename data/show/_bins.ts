/** A bar of a histogram: from `low` up to, not including, `high`. */
export interface Bin {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/**
 * Bins over all values, at most `most` of them and all of one width: 1, 2 or 5 times a power of ten of `unit`, below which values do not
 * differ, so that no bin is empty for its place alone.
 */
export function binsOf(values: readonly number[], most: number, unit: number): Bin[] {
  if (values.length === 0) return [];
  const steps = values.map((value) => Math.round(value / unit));
  const low = Math.min(...steps), high = Math.max(...steps);
  let width = 1;
  const first = () => Math.floor(low / width), count = () => Math.floor(high / width) - first() + 1;
  for (let i = 0; count() > most; i++) width *= [2, 2.5, 2][i % 3]!;
  return Array.from({ length: count() }, (_, i) => {
    const from = (first() + i) * width;
    return {
      low: from * unit,
      high: (from + width) * unit,
      count: steps.filter((step) => step >= from && step < from + width).length,
    };
  });
}
