import { html, type Markup } from "../../page/mod.ts";
import { type CurvePanel, curvePanel } from "./_curve_chart.ts";
import { type Curve, meanCurves } from "./mean_curves.ts";
import type { DataTable } from "./table.ts";
import type { ReportRun } from "./types.ts";

/** Names of stages for readers. */
const stages: Readonly<Record<string, string>> = {
  macro: "Stage (a): MaNet on macro-expressions",
  micro: "Stage (b): on micro-expressions alone",
  guided: "Stage (c): MiNet under guidance",
};

/** Names of values for readers, in the order in which they are drawn. */
const values: Readonly<Record<string, string>> = {
  loss: "L, the whole loss (Eq. 8)",
  expression: "L_c, expression loss (Eq. 1)",
  accuracy: "accuracy on the training batches",
  spatial: "L_s, spatial domain loss (Eq. 2)",
  relation: "L_sam, relation loss (Eq. 3)",
  temporal: "L_t, temporal domain loss (Eq. 4)",
  contrastive: "L_con, contrastive loss (Eq. 5-7)",
  spatialAccuracy: "D_s: micro or macro, by appearance",
  temporalAccuracy: "D_t: micro or macro, by motion",
  relationAccuracy: "C_s: which interval",
};
const adversaries = ["spatialAccuracy", "temporalAccuracy", "relationAccuracy"];

/** Every loss and accuracy of every stage, and the adversaries' accuracies as a figure of their own. */
export function curvesSection(run: ReportRun): { markup: Markup | undefined; tables: DataTable[] } {
  const curves = meanCurves(run.histories);
  if (curves.length === 0) return { markup: undefined, tables: [] };
  const rows = [...new Set(run.rows.map(({ row }) => row))];
  const titleOf = (row: string) => run.rows.find((entry) => entry.row === row)?.title ?? row;
  const drawn = (curve: Curve) => {
    const all = curve.rows.length === rows.length || curve.rows.length === 0;
    return {
      curve,
      colour: all && rows.length > 1 ? 7 : Math.min(6, Math.max(0, rows.indexOf(curve.rows[0] ?? ""))),
      name: all ? "all rows" : curve.rows.map(titleOf).join(", "),
    };
  };
  const panels = (some: readonly Curve[]) => {
    const names = [...new Set([...Object.keys(values), ...some.map(({ value }) => value)])];
    return names.flatMap((value): CurvePanel[] => {
      const own = some.filter((curve) => curve.value === value);
      if (own.length === 0) return [];
      const chance = value === "relationAccuracy"
        ? 1 / run.intervals
        : adversaries.includes(value)
        ? 0.5
        : undefined;
      return [{
        title: values[value] ?? value,
        curves: own.map(drawn),
        accuracy: /accuracy$/i.test(value),
        ...(chance === undefined ? {} : { chance }),
      }];
    });
  };
  const block = (title: string, some: readonly Curve[]) =>
    some.length === 0
      ? undefined
      : html`<section class="stage"><h3>${title}</h3>${key(some)}<div class="charts">${
        panels(some).map(curvePanel)
      }</div></section>`;
  const key = (some: readonly Curve[]) => {
    const names = new Map(some.map(drawn).map(({ name, colour }) => [name, colour]));
    return names.size < 2
      ? undefined
      : html`<ul class="key">${
        [...names].map(([name, colour]) => html`<li><i style="--c:var(--l${colour})"></i>${name}</li>`)
      }</ul>`;
  };
  const plain = curves.filter(({ value }) => !adversaries.includes(value));
  const names = [...new Set([...Object.keys(stages), ...plain.map(({ stage }) => stage)])];
  const trainings = Math.max(...curves.map(({ trainings }) => trainings));
  const markup = html`
    <section aria-labelledby="curves">
      <h2 id="curves">Learning curves</h2>
      <p>Lines are means over ${trainings} ${trainings === 1
        ? "training"
        : "trainings"} (folds and seeds)${trainings === 1
        ? ""
        : ", bands hold the middle four fifths of them"}; each point is itself a mean over the steps since the last. Everything is measured on training batches: the held-out subjects are not looked at before the end.</p>
      <div class="panel">${names.map((stage) =>
        block(stages[stage] ?? stage, plain.filter((curve) => curve.stage === stage))
      )}${block(
        "The adversaries and the relation classifier",
        curves.filter(({ value }) => adversaries.includes(value)),
      )}</div>
    </section>
  `;
  const table: DataTable = {
    name: "curves",
    caption: "Learning curves: means over folds and seeds, 10th and 90th percentile",
    columns: [
      { key: "stage", title: "stage" },
      { key: "rows", title: "rows" },
      { key: "value", title: "value" },
      { key: "step", title: "step", kind: "count" },
      { key: "mean", title: "mean", kind: "number" },
    ],
    rows: curves.flatMap(({ stage, value, rows, points }) =>
      points.map((
        { step, mean, low, high },
      ) => [stage, rows.join(" "), value, step, { value: mean, low, high }])
    ),
  };
  return { markup, tables: [table] };
}
