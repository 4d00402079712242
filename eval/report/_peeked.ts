import { html, type Markup } from "../../page/mod.ts";
import { peekMark, peekMeaning } from "../peeked_predictions.ts";
import { score } from "../score.ts";
import { tableMarkup } from "./_table_markup.ts";
import type { DataTable } from "./table.ts";
import type { ReportRun } from "./types.ts";

/** How much the choice of the best epoch on the test subject lifts the scores: the only use of such a choice. */
export function peekedSection(
  { peeked = [], rows, classes }: ReportRun,
): { markup: Markup | undefined; tables: DataTable[] } {
  const pairs = peeked.flatMap((entry) => {
    const honest = rows.find(({ row, seed }) => row === entry.row && seed === entry.seed);
    return honest === undefined ? [] : [[honest, entry] as const];
  });
  if (pairs.length === 0) return { markup: undefined, tables: [] };
  const table: DataTable = {
    name: peekMark,
    caption:
      "PEEKED: the last step, as everywhere else on this page, beside each fold's epoch that was best on its own test clips",
    columns: [
      { key: "row", title: "row" },
      { key: "seed", title: "seed", kind: "count" },
      ...["uf1", "uar"].flatMap((key) => [
        { key: `${key}_last_step`, title: `${key.toUpperCase()}, last step`, kind: "score" as const },
        { key: `${key}_PEEKED`, title: `${key.toUpperCase()}, PEEKED`, kind: "score" as const },
        { key: `${key}_lift`, title: "lift", kind: "score" as const },
      ]),
    ],
    rows: pairs.map(([honest, entry]) => {
      const [a, b] = [score(honest.predictions, classes), score(entry.predictions, classes)];
      return [honest.title, honest.seed, a.uf1, b.uf1, b.uf1 - a.uf1, a.uar, b.uar, b.uar - a.uar];
    }),
  };
  const markup = html`
    <section aria-labelledby="peeked">
      <h2 id="peeked">What peeking adds</h2>
      <p class="note strong">${peekMeaning}</p>
      <div class="panel">${tableMarkup(table)}</div>
    </section>
  `;
  return { markup, tables: [table] };
}
