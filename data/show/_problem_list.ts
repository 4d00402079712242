import type { CheckReport } from "../check/mod.ts";
import { html, type Markup } from "../../page/mod.ts";

/** Problems of one kind together, those that cost a clip first. */
export function problemList({ problems }: CheckReport): Markup {
  const kinds = [
    ...Map.groupBy(problems, ({ field, remedy, dropped }) => JSON.stringify([field, remedy, dropped]))
      .values(),
  ];
  kinds.sort((a, b) => Number(b[0]!.dropped) - Number(a[0]!.dropped) || b.length - a.length);
  const item = (problem: typeof problems[number]) =>
    html`<li><strong>${problem.clip}</strong>: ${problem.found}</li>`;
  return html`
    <section aria-labelledby="problems">
      <h2 id="problems">Problems</h2>
      <div class="panel">${kinds.length === 0 ? html`<p>No problem was found.</p>` : kinds.map((kind) => {
        const { field, remedy, dropped } = kind[0]!;
        return html`<article class="problem"><h3>${field}${
          dropped ? html`<span class="dropped">left out</span>` : undefined
        }</h3>
<p>${capital(remedy)}.</p>${
          kind.length <= 4 ? html`<ul class="small">${kind.map(item)}</ul>` : html`
            <details class="small">
              <summary>${kind.length} clips or files</summary>
              <ul>${kind.map(item)}</ul>
            </details>
          `
        }</article>`;
      })}</div>
    </section>
  `;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1).replace(/\.$/, "");
}
