import { html, type Markup } from "../../page/mod.ts";
import type { Curve } from "./mean_curves.ts";
import { line, round, scale, ticks } from "../../page/svg.ts";

/** What is drawn in one panel. */
export interface CurvePanel {
  /** The value's name for readers. */
  readonly title: string;
  /** Its curves, each with the number of its colour and its name. */
  readonly curves: readonly { readonly curve: Curve; readonly colour: number; readonly name: string }[];
  /** Accuracies are drawn from 0 to 1. */
  readonly accuracy: boolean;
  /** Drawn as a line: what chance gives. */
  readonly chance?: number;
}

const [width, height, left, right, top, bottom] = [320, 194, 40, 310, 10, 162] as const;

/** A panel of curves: means as lines, the middle four fifths of the trainings as bands. */
export function curvePanel({ title, curves, accuracy, chance }: CurvePanel): Markup {
  const points = curves.flatMap(({ curve }) => curve.points);
  const steps = Math.max(...points.map(({ step }) => step));
  const most = Math.max(...points.map(({ high, mean }) => Math.max(high, mean)));
  const least = Math.min(...points.map(({ low, mean }) => Math.min(low, mean)));
  const range = accuracy ? [0, 1] as const : [Math.min(0, least), most > 0 ? most * 1.05 : 1] as const;
  const x = scale([1, Math.max(steps, 2)], [left, right]), y = scale(range, [bottom, top]);
  const grid = ticks(...range, 4).map((value) =>
    html`
      <line class="grid" x1="${left}" x2="${right}" y1="${y(value)}" y2="${y(value)}" />
      <text x="${left - 6}" y="${y(value) + 3.5}" text-anchor="end">${value}</text>
    `
  );
  const below = ticks(1, steps, 6).filter(Number.isInteger).map((step) =>
    html`<text x="${x(step)}" y="${bottom + 16}" text-anchor="middle">${step}</text>`
  );
  const drawn = curves.map(({ curve, colour }) => {
    const band = [
      ...curve.points.map(({ step, high }) => [x(step), y(high)] as const),
      ...curve.points.map(({ step, low }) => [x(step), y(low)] as const).reverse(),
    ];
    const mean = curve.points.map(({ step, mean }) => [x(step), y(mean)] as const);
    return html`
      ${curve.trainings > 1
        ? html`
          <path class="band" d="${line(band)}Z" style="fill:var(--l${colour})" />
        `
        : undefined}<path class="mean" d="${line(
          mean,
        )}" style="stroke:var(--l${colour})" />${mean.length === 1
        ? html`
          <circle cx="${mean[0]![0]}" cy="${mean[0]![1]}" r="2.5" style="fill:var(--l${colour})" />
        `
        : undefined}
    `;
  });
  const said = curves.map(({ curve, name }) => {
    const [first, last] = [curve.points[0]!, curve.points.at(-1)!];
    return `${name}: ${first.mean.toPrecision(3)} at step ${first.step}, ${
      last.mean.toPrecision(3)
    } at step ${last.step}`;
  }).join("; ");
  return html`
    <figure class="chart">
      <figcaption><strong>${title}</strong></figcaption>
      <svg viewBox="0 0 ${width} ${height}" role="img"
        aria-label="${title}. ${said}${chance === undefined
          ? ""
          : `; chance ${chance.toPrecision(3)}`}">${grid}${below}${chance === undefined ? undefined : html`
          <line class="chance" x1="${left}" x2="${right}" y1="${y(chance)}" y2="${y(chance)}" />
          <text x="${right}" y="${round(y(chance) - 4)}" text-anchor="end">chance</text>
        `}${drawn}<text class="axis" x="${right}" y="${bottom + 27}" text-anchor="end">step</text></svg>
    </figure>
  `;
}
