import { html, type Markup } from "../../page/mod.ts";
import type { Chance } from "../chance.ts";
import { partTitle, type ScoredRow } from "./_figures.ts";
import { intervalText, tableMarkup } from "./_table_markup.ts";
import type { Cell, DataTable } from "./table.ts";

/** A row in the tables of scores: its name is told apart by run and seed where there are several. */
export interface NamedScore extends ScoredRow {
  readonly name: string;
}

const measures = [["uf1", "UF1"], ["uar", "UAR"], ["accuracy", "accuracy"]] as const;

/** The table of scores: rows and seeds by parts, one line each, then both chances. */
export function scoreData(scores: readonly NamedScore[], chance: Chance | undefined): DataTable {
  const line = (
    name: string,
    row: string,
    seed: number | undefined,
    part: Cell,
    n: Cell,
    figures: Cell[],
  ) => [
    name,
    row,
    seed,
    part,
    n,
    ...figures,
  ];
  const chances = chance === undefined
    ? []
    : (["majority", "shuffled"] as const).flatMap((kind) =>
      [["full", chance[kind]] as const, ...severalOf(chance[kind].perDatabase)].map(([part, figures]) =>
        line(
          `chance: ${kind}`,
          `chance-${kind}`,
          undefined,
          part,
          figures.n,
          measures.map(([key]) => figures[key]),
        )
      )
    );
  return {
    name: "scores",
    caption:
      "UF1, UAR and accuracy in full and for each database, with 95 % intervals over subjects (bootstrap, 1000 resamples)",
    columns: [
      { key: "name", title: "name" },
      { key: "row", title: "row" },
      { key: "seed", title: "seed", kind: "count" },
      { key: "part", title: "clips of" },
      { key: "n", title: "n", kind: "count" },
      ...measures.map(([key, title]) => ({ key, title, kind: "score" as const })),
    ],
    rows: [
      ...scores.flatMap(({ name, entry, parts }) =>
        parts.map((part) =>
          line(name, entry.row, entry.seed, part.part, part.n, measures.map(([key]) => part[key]))
        )
      ),
      ...chances,
    ],
  };
}

function severalOf<T>(parts: Readonly<Record<string, T>>): [string, T][] {
  const entries = Object.entries(parts);
  return entries.length < 2 ? [] : entries;
}

/** The same as papers print it: a line for each row, UF1 and UAR (single databases: accuracy and F1) of each part side by side. */
export function paperData(scores: readonly NamedScore[]): DataTable {
  const parts = [...new Set(scores.flatMap(({ parts }) => parts.map(({ part }) => part)))];
  const single = parts.length === 1;
  const keys = single ? (["accuracy", "uf1"] as const) : (["uf1", "uar"] as const);
  const title = { accuracy: "Acc", uf1: single ? "F1" : "UF1", uar: "UAR" };
  return {
    name: "paper",
    caption: "Scores as papers print them",
    columns: [
      { key: "name", title: "Method" },
      ...parts.flatMap((part) =>
        keys.map((key) => ({
          key: `${part}_${key}`,
          title: single ? title[key] : `${partTitle(part)} ${title[key]}`,
          kind: "score" as const,
        }))
      ),
    ],
    rows: scores.map(({ name, parts: own }) => [
      name,
      ...parts.flatMap((part) => keys.map((key) => own.find((p) => p.part === part)?.[key].value)),
    ]),
  };
}

/** Intervals drawn: a dot and a line for each row; chance as ticks. */
export function intervalFigure(scores: readonly NamedScore[], chance: Chance | undefined): Markup {
  const at = (value: number) => `${Math.round(1000 * value) / 10}%`;
  const draw = (key: "uf1" | "uar", title: string) =>
    html`
      <div>
        <h3>${title}, all clips</h3>
        <ul class="whiskers">${scores.map(({ name, parts }, i) => {
          const cell = parts[0]![key];
          return html`
            <li
              style="--c:var(--l${i %
                7})"><span class="name">${name}</span><span class="track" aria-hidden="true"><i class="ci" style="left:${at(
                  cell.low,
                )};width:${at(cell.high - cell.low)}"></i><i class="dot" style="left:${at(
                  cell.value,
                )}"></i>${chance === undefined
                ? undefined
                : html`<i class="tick" style="left:${
                  at(chance.shuffled[key])
                }"></i>`}</span><span class="n">${cell.value.toFixed(3)} <span class="ci">${intervalText(
                  cell,
                )}</span></span></li>
          `;
        })}</ul>
      </div>
    `;
  return html`
    <figure class="panel">
      <div class="pair">${draw("uf1", "UF1")}${draw("uar", "UAR")}</div>
      <figcaption>Each track runs from 0 to 1; the line is the 95 % interval over subjects${chance ===
          undefined
        ? ""
        : `, the dashed tick is chance (the same predictions given to other clips: UF1 ${
          chance.shuffled.uf1.toFixed(3)
        }, UAR ${
          chance.shuffled.uar.toFixed(3)
        })`}. The intervals tell how far the figures depend on which subjects were recorded. They do not hold the variation between trainings.</figcaption>
    </figure>
  `;
}

/** A table of scores for each part, as the page shows it. */
export function scoreTables(scores: readonly NamedScore[], chance: Chance | undefined): Markup[] {
  const parts = [...new Set(scores.flatMap(({ parts }) => parts.map(({ part }) => part)))];
  return parts.map((part) => {
    const own = scores.flatMap((score) =>
      score.parts.filter((p) => p.part === part).map((p) => ({ name: score.name, ...p }))
    );
    const { n, subjects } = own[0]!;
    const chances = chance === undefined ? [] : (["majority", "shuffled"] as const).map((kind): Cell[] => {
      const figures = part === "full" ? chance[kind] : chance[kind].perDatabase[part];
      return [`chance: ${kind}`, ...measures.map(([key]) => figures?.[key])];
    });
    return tableMarkup({
      name: `scores-${part}`,
      caption: `${part === "full" ? "All clips" : partTitle(part)}: ${n} clips of ${subjects} subjects`,
      columns: [
        { key: "name", title: "row" },
        ...measures.map(([key, title]) => ({ key, title, kind: "score" as const })),
      ],
      rows: [...own.map((p) => [p.name, ...measures.map(([key]) => p[key])]), ...chances],
    });
  });
}
