import type { CheckReport } from "../check/mod.ts";
import type { Sample } from "../../types.ts";
import { labelCounts, lengthColumns, milliseconds, subjectBars } from "./_charts.ts";
import { contactSheet } from "./_contact_sheet.ts";
import type { ClipLook } from "./_look_at_clip.ts";
import { documentOf, figures, html, type Markup, topLine } from "../../page/mod.ts";
import { problemList } from "./_problem_list.ts";
import { style } from "./_style.ts";

/** A clip of the contact sheet: how it looks, or why it could not be looked at. */
export interface SheetClip {
  readonly sample: Sample;
  readonly look: ClipLook | string;
}

/** What the page shows. */
export interface PageContent {
  readonly title: string;
  readonly report: CheckReport;
  readonly samples: readonly Sample[];
  readonly sheet: readonly SheetClip[];
  readonly faces: boolean;
  /** Whether faces were looked for. */
  readonly searched: boolean;
  /** The colours of the directions, a data URI. */
  readonly wheel: string;
  readonly licence: string;
}

/** The whole page, one file without requests to anywhere. */
export function page(content: PageContent): string {
  const { title, report, samples } = content;
  const labels = Object.keys(report.labels);
  const colour = (label: string) => `--c:var(--l${Math.min(7, labels.indexOf(label))})`;
  const body = html`
    <header>
    ${topLine("Macro2Micro · a database at a glance")}
    <h1>${title}</h1>
    <p class="soft">${report.edition}</p>
    <nav aria-label="Sections"><ul>${sections.map(([id, name]) =>
      html`<li><a href="#${id}">${name}</a></li>`
    )}</ul></nav>
    ${databaseFigures(content)}
    </header>
    <main>
    ${labelCounts(report, colour)}
    ${subjectBars(samples, labels, colour)}
    ${lengthColumns(samples)}
    ${contactSheet(content, colour)}
    ${problemList(report)}
    </main>
    <footer>
      <h2 id="licence">Licence</h2>
      <p class="note">${content.licence}</p>
      <p>${content.faces
        ? "This page shows faces of people who took part in the recordings, because it was asked to (--faces). Do not pass it on unless the licence allows it."
        : "This page shows no face: motion is drawn as colour, faces as lines. With --faces it shows the frames too."} It was made by <code>m2m data show</code> and loads nothing from anywhere.</p>
    </footer>
  `;
  return documentOf({ title: `${title} at a glance`, body, style });
}

const sections = [
  ["labels", "Labels"],
  ["subjects", "Subjects"],
  ["lengths", "Lengths"],
  ["clips", "Clips"],
  ["problems", "Problems"],
  ["licence", "Licence"],
] as const;

function databaseFigures({ report, samples }: PageContent): Markup {
  const times = samples.map(milliseconds).sort((a, b) => a - b);
  const coded = samples.filter(({ apexOrigin }) => apexOrigin === "coded").length;
  const dropped = new Set(report.problems.filter((problem) => problem.dropped).map(({ clip }) => clip)).size;
  return figures([
    ["clips", samples.length],
    ["subjects", report.subjects],
    ["labels", Object.keys(report.labels).length],
    ["median length", times.length > 0 ? `${Math.round(times[Math.floor(times.length / 2)]!)} ms` : "none"],
    ["apices coded", `${coded}`],
    ["problems", report.problems.length],
    ["left out", dropped],
  ]);
}
