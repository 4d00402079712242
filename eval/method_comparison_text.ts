import { intervalText, seedList } from "./_number_text.ts";
import { csvTable } from "./csv_table.ts";
import { latexRows } from "./latex_rows.ts";
import type { ComparedMethod, MethodsComparison } from "./method_comparison.ts";
import { meanIntervalText, overSeedsNote } from "./over_seeds_table.ts";
import type { PublishedMeasure } from "./published/published_results.ts";
import { publishedFigure, publishedNotes } from "./published/published_text.ts";
import type { Figures } from "./score.ts";
import type { FiguresOverSeeds } from "./scores_over_seeds.ts";
import { textTable } from "./text_table.ts";

const names: Readonly<Record<PublishedMeasure, string>> = {
  uf1: "UF1",
  uar: "UAR",
  accuracy: "Acc",
  macroF1: "macro F1",
};

/**
 * A comparison of methods as plain text: a table over all clips and one for each measure by database, published figures beside ours, and sentences that
 * say what the numbers are.
 *
 * @param comparison From {@linkcode compareMethods}.
 * @returns Lines that end in a line end.
 *
 * @example
 * ```ts
 * import { compareMethods, methodsText } from "@macro2micro/mer/eval";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const text = methodsText(compareMethods([], 3, "cde"));
 * assertStringIncludes(text, "OFF-ApexNet");
 * ```
 */
export function methodsText(comparison: MethodsComparison): string {
  const { methods, measures, over, task } = comparison;
  const databases = databasesOf(methods);
  const chances = Object.entries(comparison.chance ?? {});
  const kinds = new Set(methods.flatMap(({ ours }) => ours ? [dataOf(ours)] : []));
  return [
    task === undefined ? "No results are published on this task.\n" : "",
    ...over.map(({ clips, subjects }) => `${clips} clips of ${subjects} subjects.\n`),
    over.length > 1
      ? `NOT THE SAME CLIPS, so that ours are not to be compared: ${
        over.map(({ titles, clips }) => `${titles.join(", ")} over ${clips}`).join("; ")
      }.\n`
      : "",
    kinds.size > 0
      ? `Ours: ${[...kinds].join(" and ")}.${
        kinds.has("synthetic")
          ? " Synthetic look-alikes say nothing about real faces: not to be compared with published figures."
          : ""
      }\n`
      : "",
    "\n",
    textTable(
      [
        "method",
        ...measures.map((measure) => `published: ${names[measure]}`),
        ...measures.map((measure) => `ours: ${names[measure]}`),
        `ours: ${names[measures[0]]} [95 % over subjects]`,
        "our data, seeds",
      ],
      [
        ...methods.map((row) => [
          row.paper === "" ? row.title : `${row.title} (${row.paper})`,
          ...measures.map((measure) => publishedCell(row, "full", measure)),
          ...measures.map((measure) => oursCell(row.scores?.full, measure)),
          row.overSubjects ? intervalText(row.overSubjects[measures[0]]) : "-",
          row.ours === undefined ? "-" : [
            dataOf(row.ours),
            seedList(row.ours.seeds.map(({ seed }) => seed)),
            ...row.ours.note === undefined ? [] : [row.ours.note],
          ].join(", "),
        ]),
        ...chances.map(([name, figures]) => [
          `chance: ${name}`,
          "-",
          "-",
          ...measures.map((measure) => (figures as Figures)[measure].toFixed(3)),
          "-",
          "-",
        ]),
      ],
    ),
    ...databases.length > 1
      ? measures.flatMap((measure) => [
        "\n",
        textTable(
          [
            `${names[measure]} by database`,
            ...databases.flatMap((database) => [`${database}, published`, `${database}, ours`]),
          ],
          methods.map((row) => [
            row.title,
            ...databases.flatMap((database) => [
              publishedCell(row, database, measure),
              oursCell(row.scores?.perDatabase[database], measure),
            ]),
          ]),
        ),
      ])
      : [],
    "\n",
    seedsNote(methods),
    publishedNotes(methods.flatMap(({ published }) => published ?? [])),
  ].join("");
}

/**
 * A comparison of methods as CSV: a line for each method, source (`published, real data`, `ours, synthetic`, `ours, real`), part and measure.
 *
 * @param comparison From {@linkcode compareMethods}.
 *
 * @example
 * ```ts
 * import { compareMethods, methodsCsv } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const [, line] = methodsCsv(compareMethods([], 3, "cde")).split("\n");
 * assertEquals(line, '"Xia & Wang, all terms",Xia & Wang 2021,"published, real data",full,uf1,,0.883,,,,,');
 * ```
 */
export function methodsCsv({ methods }: MethodsComparison): string {
  return csvTable(
    [
      ...["method", "paper", "source", "part", "measure", "seeds", "mean", "deviation", "low", "high"],
      ...["low_subjects", "high_subjects"],
    ],
    methods.flatMap(({ title, paper, published, ours, scores, overSubjects }) => [
      ...Object.entries(published?.figures ?? {}).flatMap(([part, figures]) =>
        Object.entries(figures).map(([measure, value]) => [
          ...[title, paper, "published, real data", part, measure, undefined, value],
          ...new Array(5).fill(undefined),
        ])
      ),
      ...(scores ? [["full", scores.full] as const, ...Object.entries(scores.perDatabase)] : []).flatMap(
        ([part, figures]) =>
          (Object.keys(names) as PublishedMeasure[]).map((measure) => {
            const { n, mean, deviation, interval } = figures[measure];
            const subjects = part === "full" ? overSubjects?.[measure] : undefined;
            return [
              ...[title, paper, `ours, ${dataOf(ours!)}`, part, measure, n, mean, deviation],
              ...[interval?.low, interval?.high, subjects?.low, subjects?.high],
            ];
          }),
      ),
    ]),
  );
}

/**
 * A comparison of methods as rows of a LaTeX table: published and ours, over all clips and by database.
 *
 * @param comparison From {@linkcode compareMethods}.
 *
 * @example
 * ```ts
 * import { compareMethods, methodsLatex } from "@macro2micro/mer/eval";
 * import { assertStringIncludes } from "@std/assert";
 *
 * assertStringIncludes(methodsLatex(compareMethods([], 3, "cde")), "EMR & 0.7885 & 0.7824 & -- & --");
 * ```
 */
export function methodsLatex({ methods, measures }: MethodsComparison): string {
  const databases = databasesOf(methods);
  const parts = ["full", ...databases.length > 1 ? databases : []];
  const kinds = [...new Set(methods.flatMap(({ ours }) => ours ? [dataOf(ours)] : []))].join(" and ");
  return latexRows(
    [
      "method",
      ...parts.flatMap((part) => [
        ...measures.map((measure) => `${part}, published, real data: ${names[measure]}`),
        ...measures.map((measure) => `${part}, ours, ${kinds}: ${names[measure]}`),
      ]),
    ],
    methods.map((row) => [
      row.title,
      ...parts.flatMap((part) => [
        ...measures.map((measure) => publishedCell(row, part, measure)),
        ...measures.map((measure) => {
          const figures = part === "full" ? row.scores?.full : row.scores?.perDatabase[part];
          if (figures === undefined) return "-";
          const { mean, deviation } = figures[measure];
          return deviation === undefined ? mean.toFixed(3) : `${mean.toFixed(3)} ± ${deviation.toFixed(3)}`;
        }),
      ]),
    ]),
  );
}

function databasesOf(methods: readonly ComparedMethod[]): string[] {
  return [...new Set(methods.flatMap(({ scores }) => Object.keys(scores?.perDatabase ?? {})))];
}

function dataOf({ synthetic }: { readonly synthetic: boolean }): string {
  return synthetic ? "synthetic" : "real";
}

function publishedCell({ published }: ComparedMethod, part: string, measure: PublishedMeasure): string {
  return published === undefined ? "-" : publishedFigure(published, part, measure);
}

function oursCell(figures: FiguresOverSeeds | undefined, measure: PublishedMeasure): string {
  return figures === undefined ? "-" : meanIntervalText(figures[measure]);
}

function seedsNote(methods: readonly ComparedMethod[]): string {
  const counts = methods.flatMap(({ scores }) => scores?.seeds ?? []);
  if (counts.length === 0) return "";
  const still = methods.filter(({ scores }) => (scores?.seeds ?? 0) > 1 && scores?.full.uf1.deviation === 0);
  return `${overSeedsNote(counts)}\n${
    still.length > 0
      ? `Not a draw of seeds changes ${
        still.map(({ title }) => title).join(", ")
      }: what is uncertain there is the interval over subjects.\n`
      : ""
  }`;
}
