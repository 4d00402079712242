import { html, type Markup } from "../../page/mod.ts";
import type { MeanInterval } from "../mean_interval.ts";
import { overSeedsNote } from "../over_seeds_table.ts";
import { score } from "../score.ts";
import { scoresOverSeeds } from "../scores_over_seeds.ts";
import { clipKey } from "../_order.ts";
import { partTitle } from "./_figures.ts";
import { tableMarkup } from "./_table_markup.ts";
import type { Cell, DataTable } from "./table.ts";
import type { ReportRow, ReportRun } from "./types.ts";

const measures = [["uf1", "UF1"], ["uar", "UAR"], ["accuracy", "accuracy"]] as const;

/** Mean, deviation and interval over seeds of every row and part; nothing where there is one seed. */
export function overSeeds({ rows, classes }: ReportRun): { markup: Markup | undefined; tables: DataTable[] } {
  const groups = [...Map.groupBy(rows, ({ row }) => row).values()];
  if (groups.every((group) => group.length === 1)) return { markup: undefined, tables: [] };
  const clips = ({ predictions }: ReportRow) => predictions.map(clipKey).sort().join();
  if (groups.some((group) => group.some((entry) => clips(entry) !== clips(group[0]!)))) {
    const markup =
      html`<p class="note">No mean over seeds: folds are missing, so that the seeds are over different clips.</p>`;
    return { markup, tables: [] };
  }
  const scored = groups.map((group) => ({
    title: group[0]!.title,
    row: group[0]!.row,
    over: scoresOverSeeds(group.map(({ predictions }) => score(predictions, classes))),
  }));
  const databases = Object.keys(scored[0]!.over.perDatabase);
  const parts = ["full", ...databases.length < 2 ? [] : databases];
  const mean = ({ mean, interval }: MeanInterval): Cell =>
    interval === undefined ? mean : { value: mean, ...interval };
  const lines = (part: string): (readonly Cell[])[] =>
    scored.map(({ title, row, over }) => {
      const figures = part === "full" ? over.full : over.perDatabase[part]!;
      return [
        title,
        row,
        over.seeds,
        part,
        ...measures.flatMap(([key]) => [mean(figures[key]), figures[key].deviation]),
      ];
    });
  const table: DataTable = {
    name: "over-seeds",
    caption: overSeedsNote(scored.map(({ over }) => over.seeds)),
    columns: [
      { key: "name", title: "row" },
      { key: "row", title: "short" },
      { key: "seeds", title: "seeds", kind: "count" },
      { key: "part", title: "clips of" },
      ...measures.flatMap(([key, title]) => [
        { key, title, kind: "score" as const },
        { key: `${key}_deviation`, title: "±", kind: "score" as const },
      ]),
    ],
    rows: parts.flatMap(lines),
  };
  const shown = [0, 2, 4, 5, 6, 7, 8, 9];
  const markup = html`
    <div class="panel gap">
      <h3>Over seeds</h3>
      <p class="small soft">${table.caption} ± is the standard deviation.</p>
      <div class="tables wide">${parts.map((part) =>
        tableMarkup({
          ...table,
          caption: part === "full" ? "All clips" : partTitle(part),
          columns: shown.map((c) => table.columns[c]!),
          rows: lines(part).map((row) => shown.map((c) => row[c])),
        })
      )}</div>
    </div>
  `;
  return { markup, tables: [table] };
}
