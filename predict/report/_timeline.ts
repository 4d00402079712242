import { html, type Markup } from "../../page/mod.ts";
import { line, round, scale, ticks } from "../../page/svg.ts";
import type { FacePrediction, WindowPrediction } from "../results.ts";

/** Drawn in these units, stretched to the page's width. */
const [width, height] = [1000, 100] as const;

/** A face's probabilities over the time of a video, and how much moves; peaks are marked in both. */
export function timeline(
  { face, windows }: FacePrediction,
  classes: readonly string[],
  [start, end]: readonly [number, number],
  step: number,
): Markup {
  const x = scale([start, end], [0, width]),
    at = (time: number) => round(100 * (time - start) / (end - start || 1));
  const runs = together(windows, step);
  const path = (y: (window: WindowPrediction) => number) =>
    runs.map((run) =>
      line(run.flatMap((window) => ends(run, window).map((time) => [x(time), y(window)] as const)))
    ).join("");
  const probability = scale([0, 1], [height, 0]);
  const most = Math.max(...windows.map(({ motion }) => motion), 1e-9), motion = scale([0, most], [height, 0]);
  const marks = windows.filter(({ peak }) => peak).map(({ apex }) =>
    html`<i class="mark" style="left:${at(apex.time)}%"></i>`
  );
  const grid = [0, 0.5, 1].map((p) =>
    html`
      <line x1="0" x2="${width}" y1="${probability(p)}" y2="${probability(p)}" />
    `
  );
  const labels = [0, 0.5, 1].map((p) => html`<span class="axis" style="top:${100 - 100 * p}%">${p}</span>`);
  const shown = ticks(start, end, 6).filter((time) => time >= start && time <= end);
  return html`
    <figure>
      <p class="name">probability</p>
      <div
        class="plot">${labels}<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img"
          aria-label="${spoken(face, windows, classes)}">${grid}${classes.map((_, k) =>
            html`
              <path d="${path(({ probabilities }) =>
                probability(probabilities[k]!)
              )}" style="stroke:var(--l${k % 8})" />
            `
          )}</svg>${marks}</div>
      <p class="name">motion (thin) and what of it comes and goes (thick), up to ${most.toFixed(2)} levels</p>
      <div
        class="plot low"><svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true"><line x1="0"
            x2="${width}" y1="${height}" y2="${height}" /><path class="motion" d="${path((window) =>
              motion(window.motion)
            )}" /><path class="brief" d="${path((window) =>
              motion(Math.max(0, window.brief))
            )}" /></svg>${marks}</div>
      <div class="ticks" aria-hidden="true">${shown.map((time) =>
        html`<span style="left:${at(time)}%">${time} s</span>`
      )}</div>
    </figure>
  `;
}

/** Windows that follow each other without a gap. */
function together(windows: readonly WindowPrediction[], step: number): WindowPrediction[][] {
  const runs: WindowPrediction[][] = [];
  for (const window of windows) {
    const before = runs.at(-1)?.at(-1);
    if (before !== undefined && window.from.time - before.from.time < 1.6 * step) runs.at(-1)!.push(window);
    else runs.push([window]);
  }
  return runs;
}

/** A window stands at its middle; the first and the last of a run reach to its ends. */
function ends(run: readonly WindowPrediction[], window: WindowPrediction): number[] {
  const middle = (window.from.time + window.to.time) / 2;
  return [
    ...(window === run[0] ? [window.from.time] : []),
    middle,
    ...(window === run.at(-1) ? [window.to.time] : []),
  ];
}

/** The same in words. */
function spoken(face: number, windows: readonly WindowPrediction[], classes: readonly string[]): string {
  const counts = classes.map((name, k) =>
    `${name} in ${windows.filter((window) => window.class === k).length}`
  );
  const peaks = windows.filter(({ peak }) => peak).map(({ apex, label }) =>
    `${apex.time.toFixed(2)} s (${label})`
  );
  return `Face ${face}, probabilities over time. Of ${windows.length} windows: ${counts.join(", ")}. ${
    peaks.length > 0 ? `Motion stands out at ${peaks.join(", ")}.` : "No window stands out by its motion."
  }`;
}
