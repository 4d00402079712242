/** So many windows are needed to tell what is usual. */
const enough = 4;
/** So many times the usual motion stands out. */
const factor = 2;

/**
 * Which windows of a face stand out by their motion: more than the one before, no less than the one after, and twice the lower quartile, which is what the camera's noise and small
 * movements give where most of the time nothing happens. A still face has none; of fewer than four windows none is marked.
 *
 * @param motion One for each window, in time order.
 */
export function markPeaks(motion: readonly number[]): boolean[] {
  if (motion.length < enough) return motion.map(() => false);
  const usual = motion.toSorted((a, b) => a - b)[motion.length >> 2]!;
  return motion.map((value, i) =>
    value > factor * usual && value > (motion[i - 1] ?? -Infinity) && value >= (motion[i + 1] ?? -Infinity)
  );
}
