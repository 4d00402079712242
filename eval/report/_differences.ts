import { html, type Markup } from "../../page/mod.ts";
import { compareRuns, type PairComparison, type RunToCompare } from "../compare_runs.ts";
import { UserError } from "../../types.ts";
import { tableMarkup } from "./_table_markup.ts";
import type { Cell, DataTable } from "./table.ts";

const measures = [["uf1", "UF1"], ["uar", "UAR"], ["accuracy", "accuracy"]] as const;

/** Pairwise differences and tests of methods over the same clips; why not, where they cannot be compared. */
export function differencesPart(
  runs: readonly RunToCompare[],
): { markup: Markup | undefined; tables: DataTable[] } {
  if (runs.length < 2) return { markup: undefined, tables: [] };
  let found;
  try {
    found = compareRuns(runs, { seed: "report" });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { markup: html`<p class="note">No differences and tests: ${error.message}</p>`, tables: [] };
  }
  const { pairs, clips, subjects } = found;
  const name = ({ first, second }: PairComparison) => `${first} − ${second}`;
  const differences: DataTable = {
    name: "differences",
    caption: `Differences over ${clips} clips of ${subjects} subjects, with 95 % intervals over subjects`,
    columns: [
      { key: "pair", title: "pair" },
      ...measures.map(([key, title]) => ({ key, title, kind: "score" as const })),
    ],
    rows: pairs.map((pair): Cell[] => [
      name(pair),
      ...measures.map(([key]) => {
        const { mean, overSubjects } = pair.difference[key];
        return { value: mean, ...overSubjects };
      }),
    ]),
  };
  const tests: DataTable = {
    name: "tests",
    caption:
      "Tests: McNemar on the clips, seed by seed and combined; Wilcoxon on the subjects' accuracies; p-values plain and adjusted for the number of pairs (Holm); r is Wilcoxon's effect size",
    columns: [
      { key: "pair", title: "pair" },
      { key: "pairing", title: "seeds" },
      { key: "mcnemar_p", title: "McNemar p", kind: "number" },
      { key: "mcnemar_holm", title: "Holm", kind: "number" },
      { key: "wilcoxon_p", title: "Wilcoxon p", kind: "number" },
      { key: "wilcoxon_holm", title: "Holm", kind: "number" },
      { key: "effect", title: "r", kind: "score" },
    ],
    rows: pairs.map((pair): Cell[] => [
      name(pair),
      pair.pairing,
      pair.mcnemar.pValue,
      pair.mcnemar.holm,
      pair.wilcoxon.pValue,
      pair.wilcoxon.holm,
      pair.wilcoxon.effect,
    ]),
  };
  // Of many pairs those with the last method are what is asked first; the others can be opened.
  const last = runs.at(-1)!.name, many = pairs.length > 6;
  const shown = (table: DataTable, own: boolean): DataTable => ({
    ...table,
    rows: table.rows.filter((_, i) => !many || (pairs[i]!.second === last) === own),
  });
  const both = (own: boolean) =>
    html`<div class="tables wide">${tableMarkup(shown(differences, own))}${
      tableMarkup(shown(tests, own))
    }</div>`;
  const markup = html`
    <div class="panel gap">
      <h3>Differences</h3>
      ${both(true)}
      ${many
        ? html`<details><summary>The other ${pairs.length - runs.length + 1} pairs</summary>${
          both(false)
        }</details>`
        : undefined}
    </div>
  `;
  return { markup, tables: [differences, tests] };
}
