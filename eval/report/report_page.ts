import { documentOf, figures, html, type Markup, type Part, topLine } from "../../page/mod.ts";
import type { RunToCompare } from "../compare_runs.ts";
import { confusionMatrices } from "./_confusion.ts";
import { curvesSection } from "./_curves.ts";
import { differencesPart } from "./_differences.ts";
import { featuresSection } from "./_features.ts";
import { chanceOf, scoredRow } from "./_figures.ts";
import { mistakesSection } from "./_mistakes.ts";
import { overSeeds } from "./_over_seeds.ts";
import { footer, marks, navigation, watermark } from "./_parts.ts";
import { peekedSection } from "./_peeked.ts";
import { publishedSection } from "./_published.ts";
import { intervalFigure, type NamedScore, paperData, scoreData, scoreTables } from "./_scores.ts";
import { style } from "./_style.ts";
import { subjectsSection } from "./_subjects.ts";
import type { DataTable } from "./table.ts";
import { type ReportRun, topRow } from "./types.ts";

/** A report: a page, and the numbers of all its tables and figures. */
export interface Report {
  /** The whole page, one file that loads nothing. */
  readonly page: string;
  /** The tables, of which `paper` is meant for LaTeX. */
  readonly tables: readonly DataTable[];
}

/**
 * The report of a run: scores with intervals and chance, confusion matrices, subjects, learning curves, features, the clips most often wrong, the
 * pipeline. Pure: the same run gives the same page.
 *
 * @throws {RangeError} If the run has no rows, or as {@linkcode score}.
 */
export function reportPage(run: ReportRun): Report {
  if (run.rows.length === 0) throw new RangeError("Cannot report run: it has no rows");
  const top = topRow(run), chance = chanceOf(top, run.classes);
  const seeds = new Set(run.rows.map(({ seed }) => seed)).size > 1;
  const scores: NamedScore[] = run.rows.map((entry) => ({
    ...scoredRow(entry, run.classes),
    name: seeds ? `${entry.title}, seed ${entry.seed}` : entry.title,
  }));
  const confusion = confusionMatrices(top, run.classes);
  const subjects = subjectsSection(top);
  const curves = curvesSection(run);
  const features = featuresSection(run);
  const mistakes = mistakesSection(run);
  const seedsTable = overSeeds(run);
  const published = publishedSection(run, scores);
  const peeked = peekedSection(run);
  const differences = differencesPart(rowsToCompare(run));
  const sections: [id: string, title: string, markup: Part][] = [
    ["scores", "Scores", scoresSection(run, scores, chance, [seedsTable.markup, differences.markup])],
    ["peeked", "Peeking", peeked.markup],
    ["confusion", "Confusion", confusionSection(run, confusion.markup)],
    ["subjects", "Subjects", subjects.markup],
    ["curves", "Learning curves", curves.markup],
    ["features", "Features", features.markup],
    ["mistakes", "Mistakes", mistakes.markup],
    ["published", "Published", published.markup],
    ["pipeline", "Pipeline", pipelineSection(run)],
    ["licence", "Licences", licenceSection(run)],
  ];
  const shown = sections.filter(([, , markup]) => markup !== undefined);
  const own = scores.find(({ entry }) => entry === top)!;
  const body = html`
    ${watermark(run.marks)}
    <header>
    ${topLine("Macro2Micro · report of a run")}
    <h1>${run.name}</h1>
    ${run.description ? html`<p class="soft">${run.description}</p>` : undefined}
    ${marks(run.marks)}
    ${navigation(shown.map(([id, title]) => [id, title]))}
    ${figures([
      ["UF1", own.parts[0]!.uf1.value.toFixed(3)],
      ["UAR", own.parts[0]!.uar.value.toFixed(3)],
      ["accuracy", own.parts[0]!.accuracy.value.toFixed(3)],
      ["UF1 by chance", chance.shuffled.uf1.toFixed(3)],
      ["clips", top.predictions.length],
      ["subjects", own.parts[0]!.subjects],
      [
        "folds",
        run.folds.done === run.folds.planned ? run.folds.done : `${run.folds.done} of ${run.folds.planned}`,
      ],
    ])}
    <p class="small soft">The figures are those of ${own.name}. ${run.protocol}</p>
    </header>
    <main>${shown.map(([, , markup]) => markup)}</main>
    ${footer}
  `;
  return {
    page: documentOf({ title: `${run.name} · report`, body, style }),
    tables: [
      scoreData(scores, chance),
      paperData(scores),
      ...seedsTable.tables,
      ...differences.tables,
      ...confusion.tables,
      ...subjects.tables,
      ...curves.tables,
      ...features.tables,
      ...mistakes.tables,
      ...published.tables,
      ...peeked.tables,
    ],
  };
}

/** The rows of a run, each with its seeds. */
function rowsToCompare({ rows, classes }: ReportRun): RunToCompare[] {
  return [...Map.groupBy(rows, ({ row }) => row).values()].map((seeds) => ({
    name: seeds[0]!.title,
    classes,
    seeds,
  }));
}

function scoresSection(
  run: ReportRun,
  scores: readonly NamedScore[],
  chance: ReturnType<typeof chanceOf>,
  seeds: Part,
): Markup {
  return html`
    <section aria-labelledby="scores">
    <h2 id="scores">Scores</h2>
    <p>UF1 and UAR are means over all classes of F1 and recall, of the predictions of all folds pooled. "Majority" always predicts the most frequent class; "shuffled" gives the predictions of ${topRow(
      run,
    ).title} to other clips (permutation p-value of its UF1: ${chance.shuffled.pValue.toPrecision(2)}).</p>
    ${intervalFigure(scores, chance)}
    <div class="panel"><div class="tables">${scoreTables(scores, chance)}</div></div>
    ${seeds}
    </section>
  `;
}

function confusionSection(run: ReportRun, matrices: Markup): Markup {
  const top = topRow(run);
  const others = run.rows.filter((entry) => entry !== top);
  return html`
    <section aria-labelledby="confusion">
      <h2 id="confusion">Confusion matrices</h2>
      <p>${top.title}, seed ${top
        .seed}: clips by their class and the class predicted; the part of the row's clips below each count.</p>
      <div class="panel">${matrices}${others.length === 0
        ? undefined
        : html`<details><summary>The other rows and seeds (${others.length})</summary>${
          others.map((entry) =>
            html`<h3>${entry.title}, seed ${entry.seed}</h3>${confusionMatrices(entry, run.classes).markup}`
          )
        }</details>`}</div>
    </section>
  `;
}

function pipelineSection(run: ReportRun): Markup {
  return html`
    <section aria-labelledby="pipeline">
      <h2 id="pipeline">Pipeline</h2>
      <div class="panel">
        <dl class="facts">${run.facts.map(([name, value]) =>
          html`
            <dt>${name}</dt>
            <dd>${value}</dd>
          `
        )}</dl>
        <details>
          <summary>The resolved pipeline, every default filled in</summary>
          <pre tabindex="0"><code>${run.yaml}</code></pre>
        </details>
      </div>
    </section>
  `;
}

function licenceSection(run: ReportRun): Markup {
  return html`
    <section aria-labelledby="licence">
    <h2 id="licence">Licences and faces</h2>
    ${run.licences.map((text) => html`<p class="note">${text}</p>`)}
    <p>${run.faces
      ? "This page shows frames of people who took part in the recordings, because it was asked to (--faces). Do not pass it on unless the licences allow it."
      : "This page shows no frame of a recording: saliency is drawn as a map of cells, motion as colour."}</p>
    </section>
  `;
}
