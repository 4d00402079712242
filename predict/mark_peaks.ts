import type { WindowPrediction } from "./results.ts";

/**
 * Which windows of a face hold a brief motion that stands out: more than in the window before, no less than in the one after, and more than what is left over in most windows when it has gone: the lower
 * quartile of that, which is what the camera's noise and small movements give. A still face has none. A single window is not marked.
 *
 * @param windows In time order.
 */
export function markPeaks(windows: readonly Pick<WindowPrediction, "motion" | "brief">[]): boolean[] {
  if (windows.length < 2) return windows.map(() => false);
  const usual = windows.map(({ motion, brief }) => motion - brief).sort((a, b) =>
    a - b
  )[windows.length >> 2]!;
  const brief = (i: number) => windows[i]?.brief ?? -Infinity;
  return windows.map((window, i) =>
    window.brief > usual && window.brief > brief(i - 1) && window.brief >= brief(i + 1)
  );
}
