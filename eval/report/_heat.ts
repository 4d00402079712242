import { heatColour, html, type Markup } from "../../page/mod.ts";
import { pngUri } from "./_png.ts";
import { round } from "../../page/svg.ts";
import type { ReportGrid } from "./types.ts";

/** A map of h x w values as a picture of as many pixels, which the browser enlarges smoothly; `over` a picture it is the clearer the less it says. */
function heatUri(
  values: Float32Array,
  height: number,
  width: number,
  greatest: number,
  over: boolean,
): string {
  const rgba = new Uint8Array(4 * values.length);
  values.forEach((value, i) => {
    const part = greatest > 0 ? value / greatest : 0;
    rgba.set([...heatColour(part), over ? Math.round(255 * 0.65 * part) : 255], 4 * i);
  });
  return pngUri(rgba, width, height);
}

/** A Grad-CAM map as a square: alone with the borders of its cells, or over a picture. */
export function heatMap({ shape, values }: ReportGrid, label: string, image: string | undefined): Markup {
  const [h, w] = shape as [number, number];
  const uri = heatUri(values, h, w, Math.max(...values), image !== undefined);
  const borders = image !== undefined || h > 12 ? undefined : [
    ...Array.from({ length: h - 1 }, (_, y) =>
      html`
        <line x1="0" x2="100" y1="${round(100 * (y + 1) / h)}" y2="${round(100 * (y + 1) / h)}" />
      `),
    ...Array.from({ length: w - 1 }, (_, x) =>
      html`
        <line y1="0" y2="100" x1="${round(100 * (x + 1) / w)}" x2="${round(100 * (x + 1) / w)}" />
      `),
  ];
  return html`
    <svg class="heat" viewBox="0 0 100 100" role="img"
      aria-label="${label}">${image === undefined ? undefined : html`
        <image href="${image}" width="100" height="100" preserveAspectRatio="none" />
      `}<image href="${uri}" width="100" height="100" preserveAspectRatio="none"/><g class="cells">${borders}</g></svg>
  `;
}

/** The maps of all frames side by side, on one scale. */
export function heatStrip({ shape, values }: ReportGrid, label: string): Markup {
  const [T, h, w] = shape as [number, number, number];
  const greatest = Math.max(...values), size = h * w;
  return html`
    <div class="strip" role="img" aria-label="${label}">${Array.from({ length: T }, (_, t) => {
      const uri = heatUri(values.slice(t * size, (t + 1) * size), h, w, greatest, false);
      return html`<img src="${uri}" alt="" width="${w}" height="${h}">`;
    })}</div>
  `;
}
