import type { WindowPrediction } from "./results.ts";

/** So many windows are needed to tell what is usual. */
const enough = 4;

/**
 * Which windows of a face hold a brief motion that stands out: more than in the window before, no less than in the one after, and more than the lower quartile of the windows' motion, which is what the camera's
 * noise and small movements give where most of the time nothing happens. A still face has none; of fewer than four windows none is marked.
 *
 * @param windows In time order.
 */
export function markPeaks(windows: readonly Pick<WindowPrediction, "motion" | "brief">[]): boolean[] {
  if (windows.length < enough) return windows.map(() => false);
  const usual = windows.map(({ motion }) => motion).sort((a, b) => a - b)[windows.length >> 2]!;
  const brief = (i: number) => windows[i]?.brief ?? -Infinity;
  return windows.map((window, i) =>
    window.brief > usual && window.brief > brief(i - 1) && window.brief >= brief(i + 1)
  );
}
