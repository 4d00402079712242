import { html, type Markup } from "../../page/mod.ts";
import { cosines } from "./_cosines.ts";
import { embedCosines } from "./embed.ts";
import { sharesOf } from "./neighbour_share.ts";
import { round, scale } from "../../page/svg.ts";
import { tableMarkup } from "./_table_markup.ts";
import type { DataTable } from "./table.ts";
import { type ReportFeatures, type ReportRun, topRow } from "./types.ts";

const groupTitles = {
  before: "before the guidance, after stage (b)",
  after: "after the guidance, stage (c)",
  macro: "MaNet, macro clips",
} as const;

/** z as points of a plane, before and after the guidance, on one and the same map; and how often neighbours share a class. */
export function featuresSection(run: ReportRun): { markup: Markup | undefined; tables: DataTable[] } {
  const { features, classes } = run;
  if (features.length < 8) return { markup: undefined, tables: [] };
  const cosine = cosines(features.map(({ z }) => z));
  const places = embedCosines(cosine, features.length, { seed: "report" });
  const groups = (["before", "after"] as const).filter((group) => features.some((f) => f.group === group));
  const macro = features.some(({ group }) => group === "macro"), both = groups.length === 2;
  const titled = (group: "before" | "after") => both ? groupTitles[group] : "after training";
  const shares = sharesOf(features, cosine);
  const neighbours: DataTable = {
    name: "neighbours",
    caption: "Of the 10 nearest clips by cosine in the full space: the part that has the clip's own class",
    columns: [
      { key: "z", title: "z" },
      { key: "among", title: "neighbours among" },
      { key: "share", title: "own class", kind: "score" },
      { key: "chance", title: "by chance", kind: "score" },
      { key: "n", title: "n", kind: "count" },
    ],
    rows: shares.map(({ group, among, share, chance, n }) => [
      titled(group),
      among === "macro" ? "MaNet's macro clips" : "micro clips of other subjects",
      share,
      chance,
      n,
    ]),
  };
  const embedding: DataTable = {
    name: "embedding",
    caption: "UMAP of z: a place for each clip",
    columns: [
      { key: "clip", title: "clip" },
      { key: "group", title: "group" },
      { key: "class", title: "class" },
      { key: "x", title: "x", kind: "number" },
      { key: "y", title: "y", kind: "number" },
    ],
    rows: features.map(({ name, group, classIndex }, i) => [name, group, classes[classIndex], ...places[i]!]),
  };
  const { title, seed } = topRow(run);
  const markup = html`
    <section aria-labelledby="features">
    <h2 id="features">Features z</h2>
    <p>${title}, seed ${seed}: z of every held-out clip from the network of its own fold${macro
      ? ", and MaNet's z of the macro clips"
      : ""}, brought to a plane by one UMAP (cosine, 15 neighbours).</p>
    <p class="note">Read it with care: UMAP keeps neighbours, so distances between groups, their sizes and gaps mean little. Each fold has a network of its own, so that clips of different subjects are compared across networks. The table below counts neighbours in the full space instead.</p>
    <figure class="panel"><ul class="key">${classes.map((name, c) =>
      html`<li><i style="--c:var(--l${c % 7})"></i>${name}</li>`
    )}${macro
      ? html`
        <li>● micro, held out</li>
        <li>□ macro</li>
      `
      : undefined}</ul><div class="pair">${groups.map((group) =>
        panel(group, titled(group), features, places, classes)
      )}</div><figcaption>UMAP of z by class${both
      ? "; both pictures are one map, so that a clip can be followed from one to the other"
      : ""}.</figcaption></figure>
    ${html`<div class="panel gap">${tableMarkup(neighbours)}</div>`}
    </section>
  `;
  return { markup, tables: [neighbours, embedding] };
}

function panel(
  group: "before" | "after",
  title: string,
  features: readonly ReportFeatures[],
  places: readonly (readonly [number, number])[],
  classes: readonly string[],
): Markup {
  const size = 340, margin = 10;
  const range = (axis: 0 | 1) => {
    const all = places.map((place) => place[axis]);
    return [Math.min(...all), Math.max(...all)] as const;
  };
  const x = scale(range(0), [margin, size - margin]), y = scale(range(1), [size - margin, margin]);
  const mark = ({ group: own, classIndex, name }: ReportFeatures, i: number) => {
    const [px, py] = [x(places[i]![0]), y(places[i]![1])];
    const label = html`<title>${name}: ${classes[classIndex]}</title>`;
    const colour = `var(--l${classIndex % 7})`;
    return own === "macro"
      ? html`
        <rect class="macro" x="${round(px - 2.5)}" y="${round(py - 2.5)}" width="5" height="5"
          style="stroke:${colour}">${label}</rect>
      `
      : html`<circle cx="${px}" cy="${py}" r="3.4" style="fill:${colour}">${label}</circle>`;
  };
  const drawn = (wanted: string) => features.map((f, i) => f.group === wanted ? mark(f, i) : undefined);
  const count = features.filter((f) => f.group === group).length;
  return html`
    <div>
      <h3>${title}</h3>
      <svg class="scatter" viewBox="0 0 ${size} ${size}" role="img"
        aria-label="UMAP of z ${title}: ${count} held-out clips, coloured by class">${drawn("macro")}${drawn(
          group,
        )}</svg>
    </div>
  `;
}
