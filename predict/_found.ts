import type { SeenWindow } from "./_open_window.ts";
import { markPeaks } from "./mark_peaks.ts";
import type { FramesPrediction, WindowPrediction } from "./results.ts";

/** The windows of each face. */
export class Found {
  readonly #windows = new Map<number, WindowPrediction[]>();

  add({ face, window }: SeenWindow): void {
    if (!this.#windows.has(face)) this.#windows.set(face, []);
    this.#windows.get(face)!.push(window);
  }

  faces(): FramesPrediction["faces"] {
    return [...this.#windows].sort(([a], [b]) => a - b).map(([face, windows]) => {
      const peaks = markPeaks(windows);
      return { face, windows: windows.map((window, i) => ({ ...window, peak: peaks[i]! })) };
    });
  }
}
