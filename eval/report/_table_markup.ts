import { html, type Markup } from "../../page/mod.ts";
import { type Cell, cellText, type Column, type DataTable, isInterval } from "./table.ts";

/** A table of the page. */
export function tableMarkup(table: DataTable): Markup {
  const right = ({ kind = "text" }: Column) =>
    kind === "text" ? undefined : html`
      class="n"
    `;
  const cell = (cell: Cell, column: Column, first: boolean) =>
    first
      ? html`<th scope="row">${cellText(cell, column.kind)}</th>`
      : html`<td${right(column)}>${cellText(cell, column.kind)}${
        isInterval(cell)
          ? html`
            <span class="ci">${intervalText(cell)}</span>
          `
          : undefined
      }</td>`;
  return html`
    <div class="scroll" tabindex="0" role="group" aria-label="${table.caption}">
      <table>
        <caption>${table.caption}</caption>
        <thead>
          <tr>${table.columns.map((column) =>
            html`
              <th scope="col" ${right(column)}>${column.title}</th>
            `
          )}</tr>
        </thead>
        <tbody>${table.rows.map((row) =>
          html`<tr>${row.map((c, i) => cell(c, table.columns[i]!, i === 0))}</tr>`
        )}</tbody>
      </table>
    </div>
  `;
}

/** The ends of an interval. */
export function intervalText({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${low.toFixed(2)}–${high.toFixed(2)}`;
}
