import { bootstrapInterval } from "../bootstrap_interval.ts";
import { type Chance, chance } from "../chance.ts";
import { score } from "../score.ts";
import type { IntervalCell } from "./table.ts";
import type { ReportRow } from "./types.ts";

/** The figures of some clips with their intervals over subjects. */
export interface PartFigures {
  /** `full`, or a database. */
  readonly part: string;
  readonly n: number;
  readonly subjects: number;
  readonly uf1: IntervalCell;
  readonly uar: IntervalCell;
  readonly accuracy: IntervalCell;
}

/** A row and seed with its figures: full, then each database where there are several. */
export interface ScoredRow {
  readonly entry: ReportRow;
  readonly parts: readonly PartFigures[];
}

/** Scores a row, with intervals by resampling subjects. */
export function scoredRow(entry: ReportRow, classes: readonly string[]): ScoredRow {
  const { predictions } = entry;
  const databases = Object.keys(score(predictions, classes).perDatabase);
  const parts = [
    ["full", predictions] as const,
    ...databases.length < 2
      ? []
      : databases.map((name) => [name, predictions.filter((p) => p.database === name)] as const),
  ];
  return {
    entry,
    parts: parts.map(([part, some]) => {
      const figures = score(some, classes);
      const intervals = bootstrapInterval(some, classes, { seed: "report" });
      const cell = (name: "uf1" | "uar" | "accuracy") => ({ value: figures[name], ...intervals[name] });
      return {
        part,
        n: figures.n,
        subjects: intervals.subjects,
        uf1: cell("uf1"),
        uar: cell("uar"),
        accuracy: cell("accuracy"),
      };
    }),
  };
}

/** What chance scores with a row's predictions; the same seed as in the run's tables. */
export function chanceOf(entry: ReportRow, classes: readonly string[]): Chance {
  return chance(entry.predictions, classes, { seed: "chance" });
}

/** Databases as papers write them. */
export const databaseTitles: Readonly<Record<string, string>> = {
  full: "full",
  casme2: "CASME II",
  smic: "SMIC",
  samm: "SAMM",
  ckplus: "CK+",
  mmi: "MMI",
};

/** The name of a database on the page. */
export function partTitle(part: string): string {
  return databaseTitles[part] ?? part;
}
