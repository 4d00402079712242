/** A bar of a histogram: from `low` up to, not including, `high`. */
export interface Bin {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** Bins of one round width (1, 2 or 5 times a power of ten), at most `most` of them, over all values. */
export function binsOf(values: readonly number[], most: number): Bin[] {
  if (values.length === 0) return [];
  const low = Math.min(...values), high = Math.max(...values);
  const fits = (width: number) => Math.floor(high / width) - Math.floor(low / width) + 1 <= most;
  let width = 10 ** Math.floor(Math.log10(Math.max((high - low) / most, 1)));
  for (const factor of [2, 2.5, 2]) if (!fits(width)) width *= factor;
  const first = Math.floor(low / width), bins = Math.floor(high / width) - first + 1;
  return Array.from({ length: bins }, (_, i) => {
    const from = (first + i) * width, to = from + width;
    return { low: from, high: to, count: values.filter((value) => value >= from && value < to).length };
  });
}
