import { html, type Markup, type Part } from "../../page/mod.ts";
import { heatMap, heatStrip } from "./_heat.ts";
import { oftenWrong, type WrongClip } from "./often_wrong.ts";
import type { DataTable } from "./table.ts";
import { type ReportRun, topRow } from "./types.ts";

/** How many clips the section shows. */
export const mistakesShown = 12;

/** The clips most often wrong, with where the network at the top looked. */
export function mistakesSection(run: ReportRun): { markup: Markup; tables: DataTable[] } {
  const { rows, classes, pictures } = run;
  const all = oftenWrong(rows, classes.length, Infinity), shown = all.slice(0, mistakesShown);
  const total = topRow(run).predictions.length, top = topRow(run);
  const seen = shown.some(({ name }) => pictures.get(name)?.apex ?? pictures.get(name)?.frames);
  const which = `${all.length} of ${total} clips are wrong at least once${
    rows.length > 1 ? ` in the ${rows.length} rows and seeds` : ""
  }; here are the ${shown.length} that are wrong most often, those first whose truth was given the least probability.`;
  const below = shown.some(({ name }) => pictures.get(name)?.image !== undefined);
  const maps =
    `The heat maps are Grad-CAM (Selvaraju et al. 2017): bright is what spoke for the class that ${top.title}, seed ${top.seed}, predicted, each map on a scale of its own. The cells are those of the network's last map, the browser smooths between them; a map that is dark throughout says that nothing there spoke for the class.${
      below ? "" : " The frames are left out; m2m report --faces shows them below the maps."
    }`;
  const markup = html`
    <section aria-labelledby="mistakes">
      <h2 id="mistakes">Clips most often wrong</h2>
      <p>${which}</p>
      ${seen ? html`<p>${maps}</p>` : undefined}
      <div class="sheet">${shown.map((clip) => card(clip, run, rows.length))}</div>
    </section>
  `;
  const table: DataTable = {
    name: "mistakes",
    caption: "Clips that are wrong at least once, by how often",
    columns: [
      { key: "clip", title: "clip" },
      { key: "truth", title: "truth" },
      { key: "wrong", title: "wrong", kind: "count" },
      { key: "of", title: "of", kind: "count" },
      { key: "probability", title: "probability of the truth", kind: "score" },
      ...classes.map((name) => ({ key: `as_${name}`, title: `as ${name}`, kind: "count" as const })),
    ],
    rows: all.map(({ name, truth, wrong, of, confidence, predicted }) => [
      name,
      classes[truth],
      wrong,
      of,
      confidence,
      ...predicted,
    ]),
  };
  return { markup, tables: [table] };
}

function card(
  { name, truth, wrong, of, predicted, confidence }: WrongClip,
  run: ReportRun,
  times: number,
): Markup {
  const { classes, pictures } = run, picture = pictures.get(name);
  const as = classes.flatMap((label, c) =>
    c === truth || predicted[c] === 0 ? [] : [times > 1 ? `${label} (${predicted[c]})` : label]
  ).join(", ");
  const views: Part[] = [];
  if (picture?.apex) {
    views.push(
      html`<figure>${
        heatMap(picture.apex, `Grad-CAM of ${name} on ${picture.imageOf ?? "the apex frame"}`, picture.image)
      }<figcaption>${picture.imageOf ?? "apex frame"}, ${
        picture.apex.shape.join(" × ")
      } cells</figcaption></figure>`,
    );
  }
  if (picture?.frames) {
    views.push(
      html`<figure>${
        heatStrip(
          picture.frames,
          `Grad-CAM of ${name} on each of ${picture.frames.shape[0]} frames, from onset to offset`,
        )
      }<figcaption>${picture.frames.shape[0]!} frames, onset to offset</figcaption></figure>`,
    );
  }
  const said = [
    `taken for ${as}`,
    ...times > 1 ? [`wrong ${wrong} of ${of} times`] : [],
    ...confidence === undefined ? [] : [`probability of the truth ${confidence.toFixed(2)}`],
  ].join("; ");
  return html`
    <article class="panel clip">
      <header>
        <h3>${name}</h3>
        <span class="tag"><i style="--c:var(--l${truth % 7})"></i>${classes[truth]}</span>
      </header>
      <p class="small">${said}</p>
      ${views.length > 0 ? html`<div class="looks">${views}</div>` : undefined}
    </article>
  `;
}
