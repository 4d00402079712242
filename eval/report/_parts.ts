import { html, type Markup } from "../../page/mod.ts";
import type { ReportMark } from "./types.ts";

/** Marks that stand on the whole page. */
const loud: Readonly<Partial<Record<ReportMark["kind"], string>>> = {
  incomplete: "INCOMPLETE",
  shuffled: "SHUFFLED LABELS",
  peeked: "PEEKED",
};

/** What must be known first; the loud ones in a frame. `of` names the run, where there are several. */
export function marks(all: readonly (ReportMark & { readonly of?: string })[]): Markup | undefined {
  if (all.length === 0) return undefined;
  return html`<div class="marks">${
    all.map(({ kind, text, of }) => {
      const said = of === undefined ? text : `${of}: ${text}`;
      return loud[kind] === undefined
        ? html`<p class="note">${said}</p>`
        : html`<p class="note strong">${loud[kind]}: ${said}</p>`;
    })
  }</div>`;
}

/** Across the whole page, on screen and on paper, so that no part of it can be shown without it. */
export function watermark(all: readonly ReportMark[]): Markup | undefined {
  const words = [...new Set(all.flatMap(({ kind }) => loud[kind] ?? []))];
  return words.length === 0
    ? undefined
    : html`<div class="watermark" aria-hidden="true"><span>${words.join(" · ")}</span></div>`;
}

/** Links to the sections of the page. */
export function navigation(sections: readonly (readonly [id: string, title: string])[]): Markup {
  return html`
    <nav aria-label="Sections">
      <ul>${sections.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul>
    </nav>
  `;
}

/** What the page is, at its end. */
export const footer: Markup = html`
  <footer>
    <p>This page loads nothing from anywhere and holds no script. <code>m2m report</code> makes it again from the folders of the runs; with <code>--csv</code>, <code>--json</code> and <code>--latex</code> it gives the numbers of every table and figure.</p>
  </footer>
`;
