import type { Point } from "../faces/mod.ts";
import { html, type Markup } from "../../page/mod.ts";

/** The lines that join the 68 points of the iBUG scheme: from, to, and whether they close. */
const lines = [
  [0, 16, false],
  [17, 21, false],
  [22, 26, false],
  [27, 30, false],
  [31, 35, false],
  [36, 41, true],
  [42, 47, true],
  [48, 59, true],
  [60, 67, true],
] as const;

/** Landmarks as lines of an SVG. */
export function faceLines(landmarks: readonly Point[]): Markup[] {
  return lines.map(([from, to, closed]) => {
    const points = landmarks.slice(from, to + 1).map(([x, y]) => `${round(x)},${round(y)}`).join(" ");
    return closed
      ? html`
        <polygon points="${points}" />
      `
      : html`
        <polyline points="${points}" />
      `;
  });
}

/** Tenths are enough. */
export function round(value: number): number {
  return Math.round(10 * value) / 10;
}
