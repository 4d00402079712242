import { html, type Markup } from "../../page/mod.ts";
import { compareNames } from "../_order.ts";
import { partTitle } from "./_figures.ts";
import type { DataTable } from "./table.ts";
import type { ReportRow } from "./types.ts";

/** How many clips of each subject are right: a bar for each subject, database by database. */
export function subjectsSection(entry: ReportRow): { markup: Markup; tables: DataTable[] } {
  const groups = [
    ...Map.groupBy(entry.predictions, ({ database, subject }) => JSON.stringify([database, subject]))
      .values(),
  ]
    .map((clips) => ({
      database: clips[0]!.database,
      subject: clips[0]!.subject,
      n: clips.length,
      right: clips.filter(({ truth, prediction }) => truth === prediction).length,
    }))
    .sort((a, b) => compareNames(a.database, b.database) || compareNames(a.subject, b.subject));
  const most = Math.max(...groups.map(({ n }) => n));
  const bar = ({ subject, n, right }: typeof groups[number]) => {
    const part = (count: number, colour: string) =>
      count === 0 ? undefined : html`<i style="--c:${colour};--n:${count}"></i>`;
    return html`<li><span>${subject}</span><span class="stack" aria-hidden="true">${
      part(right, "var(--accent)")
    }${part(n - right, "var(--l1)")}${
      part(most - n, "transparent")
    }</span><span class="n">${right}/${n}<span class="hidden"> clips right</span></span></li>`;
  };
  const databases = [...Map.groupBy(groups, ({ database }) => database)];
  const none = groups.filter(({ right }) => right === 0).length;
  const markup = html`
    <section aria-labelledby="subjects">
      <h2 id="subjects">Subjects</h2>
      <p>Clips of each held-out subject that are right, of all the subject's clips. ${none === 0
        ? "Every subject has at least one clip right."
        : `${none} of ${groups.length} subjects have no clip right.`}</p>
      <div class="panel">
    <ul class="key" aria-hidden="true"><li><i style="--c:var(--accent)"></i>right</li><li><i style="--c:var(--l1)"></i>wrong</li></ul>
    ${databases.map(([database, own]) =>
      html`
        <h3>${partTitle(database)}</h3>
        <ul class="subjects report">${own.map(bar)}</ul>
      `
    )}</div>
    </section>
  `;
  const table: DataTable = {
    name: "subjects",
    caption: `Clips of each subject that are right, ${entry.title}, seed ${entry.seed}`,
    columns: [
      { key: "database", title: "database" },
      { key: "subject", title: "subject" },
      { key: "right", title: "right", kind: "count" },
      { key: "n", title: "n", kind: "count" },
    ],
    rows: groups.map(({ database, subject, right, n }) => [database, subject, right, n]),
  };
  return { markup, tables: [table] };
}
