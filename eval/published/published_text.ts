import { textTable } from "../text_table.ts";
import type { PublishedMeasure, PublishedResult } from "./published_results.ts";

const names: Readonly<Record<PublishedMeasure, string>> = {
  uf1: "UF1",
  uar: "UAR",
  accuracy: "Acc",
  macroF1: "macro F1",
};

/**
 * Published results as a plain table with their sources and marks: other trainings on real data, to be read beside one's own and not tested against.
 *
 * @param results At least one, of one task, from {@linkcode publishedResults}.
 * @returns Lines that end in a line end.
 *
 * @example
 * ```ts
 * import { publishedResults, publishedText } from "@macro2micro/mer/eval";
 * import { assertStringIncludes } from "@std/assert";
 *
 * assertStringIncludes(publishedText(publishedResults("cde")), "0.7605*");
 * ```
 */
export function publishedText(results: readonly PublishedResult[]): string {
  const columns = [
    ...new Set(
      results.flatMap(({ figures }) =>
        Object.entries(figures).flatMap(([part, measures]) =>
          Object.keys(measures).map((m) => `${part} ${m}`)
        )
      ),
    ),
  ].map((column) => column.split(" ") as [part: string, measure: PublishedMeasure]);
  const table = textTable(
    ["published, real data", ...columns.map(([part, measure]) => `${part} ${names[measure]}`), "seen"],
    results.map(({ method, paper, figures, marks, standing }) => [
      method.startsWith("Xia & Wang") ? method : `${method} (${paper})`,
      ...columns.map(([part, measure]) => publishedFigure({ figures, marks }, part, measure)),
      standing,
    ]),
  );
  return `${table}${publishedNotes(results)}`;
}

/** A published figure as text, with `*` where there is a mark on it; `-` where it is not known. */
export function publishedFigure(
  { figures, marks }: Pick<PublishedResult, "figures" | "marks">,
  part: string,
  measure: PublishedMeasure,
): string {
  const value = figures[part]?.[measure];
  if (value === undefined) return "-";
  const marked = marks.some((mark) => mark.part === part && mark.measure === measure);
  return `${value.toFixed(4).replace(/(\.\d{3})0$/, "$1")}${marked ? "*" : ""}`;
}

/** The marks on published figures and where these were seen, a line each. */
export function publishedNotes(results: readonly PublishedResult[]): string {
  const marks = results.flatMap(({ method, marks }) =>
    marks.map(({ part, measure, text }) => `* ${method}, ${part} ${names[measure]}: ${text}\n`)
  );
  const sources = [...new Set(results.map(({ source }) => source))].map((source) => `Source: ${source}.\n`);
  return `${marks.join("")}${sources.join("")}`;
}
