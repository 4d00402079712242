/** So many windows are needed to tell what is usual. */
const enough = 5;
/** So many robust standard deviations over the median stand out. */
const deviations = 3;

/**
 * Which windows of a face stand out by their motion: at least as high as both neighbours, and over the median by three robust standard deviations
 * (1.4826 times the median absolute deviation). A still face has none; of fewer than five windows none is marked.
 *
 * @param motion One for each window, in time order.
 */
export function markPeaks(motion: readonly number[]): boolean[] {
  if (motion.length < enough) return motion.map(() => false);
  const usual = median(motion), spread = 1.4826 * median(motion.map((value) => Math.abs(value - usual)));
  return motion.map((value, i) =>
    value > usual + deviations * spread && value > (motion[i - 1] ?? -Infinity) &&
    value >= (motion[i + 1] ?? -Infinity)
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b), middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
