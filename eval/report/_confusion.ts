import { html, type Markup } from "../../page/mod.ts";
import { type PartScore, score } from "../score.ts";
import { partTitle } from "./_figures.ts";
import type { DataTable } from "./table.ts";
import type { ReportRow } from "./types.ts";

/** Confusion matrices of a row, in full and for each database, with precision, recall and F1 of every class. */
export function confusionMatrices(
  entry: ReportRow,
  classes: readonly string[],
): { markup: Markup; tables: DataTable[] } {
  const result = score(entry.predictions, classes);
  const databases = Object.entries(result.perDatabase);
  const parts: [string, PartScore][] = [["full", result], ...databases.length < 2 ? [] : databases];
  const markup = html`<div class="matrices">${
    parts.map(([part, figures]) => matrix(part, figures, classes))
  }</div>`;
  const confusion: DataTable = {
    name: "confusion",
    caption: `Clips by truth and prediction, ${entry.title}, seed ${entry.seed}`,
    columns: [
      { key: "part", title: "clips of" },
      { key: "truth", title: "truth" },
      ...classes.map((name) => ({ key: name, title: name, kind: "count" as const })),
    ],
    rows: parts.flatMap(([part, { confusion }]) =>
      classes.map((truth, t) => [part, truth, ...confusion[t]!])
    ),
  };
  const perClass: DataTable = {
    name: "classes",
    caption: `Precision, recall and F1 of each class, ${entry.title}, seed ${entry.seed}`,
    columns: [
      { key: "part", title: "clips of" },
      { key: "class", title: "class" },
      { key: "n", title: "n", kind: "count" },
      ...["precision", "recall", "f1"].map((key) => ({ key, title: key, kind: "score" as const })),
    ],
    rows: parts.flatMap(([part, { perClass }]) =>
      perClass.map(({ name, support, precision, recall, f1 }) => [part, name, support, precision, recall, f1])
    ),
  };
  return { markup, tables: [confusion, perClass] };
}

/** One matrix: counts, shaded by the part of the row's clips. */
function matrix(part: string, { confusion, perClass, n }: PartScore, classes: readonly string[]): Markup {
  return html`
    <div class="scroll" tabindex="0" role="group" aria-label="Confusion matrix, ${partTitle(part)}">
      <table class="matrix">
        <caption>${part === "full" ? "All clips" : partTitle(part)} (n ${n})</caption>
        <thead>
          <tr><th scope="col">truth \\ prediction</th>${classes.map((name) =>
            html`<th scope="col" class="n">${name}</th>`
          )}<th scope="col" class="n">F1</th></tr>
        </thead>
        <tbody>${classes.map((name, t) => {
          const row = confusion[t]!, all = row.reduce((a, b) => a + b, 0);
          return html`<tr><th scope="row">${name}</th>${
            row.map((count, p) => {
              const share = all === 0 ? 0 : count / all;
              return html`<td class="n${p === t ? " right" : " wrong"}" style="--p:${
                Math.round(45 * share)
              }%">${count} <span class="ci">${all === 0 ? "–" : `${Math.round(100 * share)} %`}</span></td>`;
            })
          }<td class="n">${perClass[t]!.f1.toFixed(3)}</td></tr>`;
        })}</tbody>
      </table>
    </div>
  `;
}
