import { html, type Markup } from "../../page/mod.ts";
import { publishedGaps, type PublishedResult, publishedResults } from "../published/published_results.ts";
import { partTitle } from "./_figures.ts";
import type { NamedScore } from "./_scores.ts";
import { tableMarkup } from "./_table_markup.ts";
import type { Cell, DataTable } from "./table.ts";
import type { ReportRun } from "./types.ts";

/** What papers print for the same task, beside this run; apart, and never as a ranking, where the data are synthetic. */
export function publishedSection(
  run: ReportRun,
  scores: readonly NamedScore[],
): { markup: Markup | undefined; tables: DataTable[] } {
  if (run.task === undefined) return { markup: undefined, tables: [] };
  const results = publishedResults(run.task);
  if (results.length === 0) return { markup: undefined, tables: [] };
  const composite = run.task === "cde";
  const parts = composite ? ["full", "smic", "casme2", "samm"] : ["full"];
  const keys = composite ? (["uf1", "uar"] as const) : (["accuracy", "macroF1"] as const);
  const heads = { uf1: "UF1", uar: "UAR", accuracy: "Acc", macroF1: "F1" };
  const comparable = run.marks.length === 0;
  const notes: string[] = [];
  const noteOf = (text: string) => {
    if (!notes.includes(text)) notes.push(text);
    return notes.indexOf(text) + 1;
  };
  const paperRow = (result: PublishedResult): Cell[] => {
    const own = [
      noteOf(`${result.paper}. ${result.source}.`),
      ...result.marks.map(({ part, measure, text, byDefinition }) =>
        noteOf(
          `${result.method}, ${partTitle(part)} ${heads[measure]}: ${text}${
            byDefinition === undefined ? "" : ` By the definition it is ${byDefinition}.`
          }`,
        )
      ),
    ];
    return [
      `${result.method} [${own.join(", ")}]`,
      "paper, real data",
      ...parts.flatMap((part) => keys.map((key) => result.figures[part]?.[key])),
    ];
  };
  const ours = comparable
    ? "ours, this data"
    : `ours, this data (${run.marks.map(({ kind }) => kind).join(", ")})`;
  const ourRow = ({ name, parts: own }: NamedScore): Cell[] => [
    name,
    ours,
    ...parts.flatMap((part) =>
      keys.map((key) => {
        const figures = own.find((p) => p.part === part);
        return figures?.[key === "macroF1" ? "uf1" : key].value;
      })
    ),
  ];
  const columns = [
    { key: "method", title: "method" },
    { key: "origin", title: "whose, on what" },
    ...parts.flatMap((part) =>
      keys.map((key) => ({
        key: `${part}_${key}`,
        title: composite ? `${partTitle(part)} ${heads[key]}` : heads[key],
        kind: "score" as const,
      }))
    ),
  ];
  const papers = results.map(paperRow), own = scores.map(ourRow);
  const table: DataTable = {
    name: "published",
    caption: "Published results on this task, and this run",
    columns,
    rows: [...papers, ...own],
  };
  const gaps = publishedGaps.filter(({ table }) => (table === "5") === composite);
  const markup = html`
    <section aria-labelledby="published">
    <h2 id="published">Published results</h2>
    ${comparable
      ? html`<p>Figures of papers are on real data, by trainings and choices of their authors, which differ; many choose the best epoch on the test subject, which lifts scores.</p>`
      : html`
        <p
          class="note">Not comparable. ${run.marks.map(({ text }) => text).join(
            " ",
          )} The papers' figures are on the real databases; both stand here only to show the form of the comparison, in tables of their own.</p>
      `}
    <div class="panel dense">${comparable
      ? tableMarkup(table)
      : html`<div class="apart">${tableMarkup({ ...table, caption: "Papers, real data", rows: papers })}${
        tableMarkup({ ...table, caption: "Ours, this data", rows: own })
      }</div>`}<details><summary>Sources and remarks</summary><ol class="small">${notes.map((text) =>
        html`<li>${text}</li>`
      )}</ol>${gaps.length === 0 ? undefined : html`
      <p class="small">What is missing:</p>
      <ul class="small">${gaps.map(({ what }) => html`<li>${what}</li>`)}</ul>
    `}</details></div>
    </section>
  `;
  return { markup, tables: [table] };
}
