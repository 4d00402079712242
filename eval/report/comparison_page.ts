import { documentOf, html, type Markup, topLine } from "../../page/mod.ts";
import { confusionMatrices } from "./_confusion.ts";
import { differencesPart } from "./_differences.ts";
import { chanceOf, scoredRow } from "./_figures.ts";
import { footer, marks, navigation, watermark } from "./_parts.ts";
import { publishedSection } from "./_published.ts";
import type { Report } from "./report_page.ts";
import { intervalFigure, type NamedScore, paperData, scoreData, scoreTables } from "./_scores.ts";
import { style } from "./_style.ts";
import { tableMarkup } from "./_table_markup.ts";
import { compareNames } from "../_order.ts";
import type { Cell, DataTable } from "./table.ts";
import { type ReportRun, topRow } from "./types.ts";

/**
 * Several runs on one page: the scores of each run's last row side by side, differences and tests where they are over the same clips, subjects, confusion
 * matrices, and what their pipelines have differently. Pure.
 *
 * @param runs Two or more, each with a name of its own.
 * @throws {RangeError} If there are fewer than two, two have one name, or one has no rows.
 */
export function comparisonPage(runs: readonly ReportRun[]): Report {
  if (runs.length < 2) {
    throw new RangeError(`Cannot compare runs: there must be at least two, found ${runs.length}`);
  }
  const twice = runs.find(({ name }, i) => runs.findIndex((run) => run.name === name) < i);
  if (twice) throw new RangeError(`Cannot compare runs: two are named ${twice.name}`);
  const first = runs[0]!;
  const scores: NamedScore[] = runs.flatMap((run) => {
    const top = topRow(run).row;
    const seeds = run.rows.filter(({ row }) => row === top);
    return seeds.map((entry) => ({
      ...scoredRow(entry, run.classes),
      name: seeds.length > 1 ? `${run.name}, seed ${entry.seed}` : run.name,
    }));
  });
  const sameTask = runs.every((run) => String(run.classes) === String(first.classes));
  const chance = sameTask ? chanceOf(topRow(first), first.classes) : undefined;
  const differences = differencesPart(runs.map((run) => {
    const top = topRow(run).row;
    return { name: run.name, classes: run.classes, seeds: run.rows.filter(({ row }) => row === top) };
  }));
  const subjects = subjectTable(runs), pipelines = pipelineTable(runs);
  // The marks of all: a single run on real data does not make the others comparable with papers.
  const allMarks = runs.flatMap((run) => run.marks.map((mark) => ({ ...mark, of: run.name })));
  const published = runs.every(({ task }) => task !== undefined && task === first.task)
    ? publishedSection({
      ...first,
      marks: allMarks.filter(({ kind }, i) => allMarks.findIndex((m) => m.kind === kind) === i),
    }, scores)
    : { markup: undefined, tables: [] };
  const sections: [id: string, title: string, markup: Markup | undefined][] = [
    ["scores", "Scores", scoresSection(scores, chance, differences.markup)],
    ["confusion", "Confusion", confusionSection(runs)],
    ["subjects", "Subjects", subjectsSection(subjects)],
    ["pipelines", "Pipelines", pipelinesSection(runs, pipelines)],
    ["published", "Published", published.markup],
    ["licence", "Licences", licencesSection(runs)],
  ];
  const shown = sections.filter(([, , markup]) => markup !== undefined);
  const names = runs.map(({ name }) => name);
  const body = html`
    ${watermark(allMarks)}
    <header>
    ${topLine("Macro2Micro · runs side by side")}
    <h1>${names.join(" · ")}</h1>
    ${marks(allMarks)}
    ${navigation(shown.map(([id, title]) => [id, title]))}
    </header>
    <main>${shown.map(([, , markup]) => markup)}</main>
    ${footer}
  `;
  return {
    page: documentOf({ title: `${names.join(", ")} · comparison`, body, style }),
    tables: [
      scoreData(scores, chance),
      paperData(scores),
      ...differences.tables,
      subjects,
      pipelines,
      ...published.tables,
    ],
  };
}

function scoresSection(
  scores: readonly NamedScore[],
  chance: ReturnType<typeof chanceOf> | undefined,
  differences: Markup | undefined,
): Markup {
  return html`
    <section aria-labelledby="scores">
      <h2 id="scores">Scores</h2>
      <p>Of each run the last row, with all its seeds. UF1 and UAR are means over all classes, of the predictions of all folds pooled.</p>
      ${intervalFigure(scores, chance)}
      <div class="panel"><div class="tables">${scoreTables(scores, chance)}</div></div>
      ${differences}
    </section>
  `;
}

function confusionSection(runs: readonly ReportRun[]): Markup {
  return html`
    <section aria-labelledby="confusion">
      <h2 id="confusion">Confusion matrices</h2>
      <div class="panel">${runs.map((run, i) => {
        const top = topRow(run), { markup } = confusionMatrices(top, run.classes);
        return html`
          <details${i < 4
            ? html`
              open
            `
            : undefined}><summary>${run.name}: ${top.title}, seed ${top.seed}</summary>${markup}</details>
        `;
      })}</div>
    </section>
  `;
}

/** The accuracy of each subject in each run; what a run does not have stays empty. */
function subjectTable(runs: readonly ReportRun[]): DataTable {
  const accuracies = runs.map((run) =>
    new Map(
      [...Map.groupBy(topRow(run).predictions, ({ database, subject }) => `${database}/${subject}`)].map((
        [subject, clips],
      ) => [subject, clips.filter(({ truth, prediction }) => truth === prediction).length / clips.length]),
    )
  );
  const subjects = [...new Set(accuracies.flatMap((map) => [...map.keys()]))].sort(compareNames);
  return {
    name: "subjects",
    caption: "Accuracy of each held-out subject",
    columns: [
      { key: "subject", title: "subject" },
      ...runs.map(({ name }) => ({ key: name, title: name, kind: "score" as const })),
    ],
    rows: subjects.map((subject) => [subject, ...accuracies.map((map) => map.get(subject))]),
  };
}

function subjectsSection(table: DataTable): Markup {
  return html`
    <section aria-labelledby="subjects">
      <h2 id="subjects">Subjects</h2>
      <div class="panel">${tableMarkup(table)}</div>
    </section>
  `;
}

/** Every setting that is not the same in all pipelines, and the facts of the runs. */
function pipelineTable(runs: readonly ReportRun[]): DataTable {
  const settings = runs.map(({ settings, facts }) => new Map<string, string>([...facts, ...settings]));
  const keys = [...new Set(settings.flatMap((map) => [...map.keys()]))];
  const differing = keys.filter((key) => new Set(settings.map((map) => map.get(key))).size > 1);
  return {
    name: "pipelines",
    caption: "What the runs have differently; everything else is the same",
    columns: [{ key: "setting", title: "setting" }, ...runs.map(({ name }) => ({ key: name, title: name }))],
    rows: differing.map((key): Cell[] => [key, ...settings.map((map) => map.get(key))]),
  };
}

function pipelinesSection(runs: readonly ReportRun[], table: DataTable): Markup {
  return html`
    <section aria-labelledby="pipelines">
      <h2 id="pipelines">Pipelines</h2>
      <div class="panel settings">${table.rows.length === 0
        ? html`<p>Settings and facts are the same in all.</p>`
        : tableMarkup(table)}${runs.map(({ name, yaml }) =>
          html`
            <details>
              <summary>${name}: the resolved pipeline</summary>
              <pre tabindex="0"><code>${yaml}</code></pre>
            </details>
          `
        )}</div>
    </section>
  `;
}

function licencesSection(runs: readonly ReportRun[]): Markup {
  return html`
    <section aria-labelledby="licence">
      <h2 id="licence">Licences</h2>
      ${[...new Set(runs.flatMap(({ licences }) => licences))].map((text) =>
        html`<p class="note">${text}</p>`
      )}
    </section>
  `;
}
