import { csvTable } from "../csv_table.ts";
import { latexRows } from "../latex_rows.ts";

/** A figure with the ends of its interval. */
export interface IntervalCell {
  /** The figure. */
  readonly value: number;
  /** The lower end. */
  readonly low: number;
  /** The upper end. */
  readonly high: number;
}

/** What stands in a table: text, a number, a figure with its interval, or nothing. */
export type Cell = string | number | IntervalCell | undefined;

/** A column of a table. */
export interface Column {
  /** Its name in files. */
  readonly key: string;
  /** Its head on the page. */
  readonly title: string;
  /** `text`; `count`: a whole number; `score`: three digits; `number`: as it is in files, four significant digits on the page. @default "text" */
  readonly kind?: "text" | "count" | "score" | "number";
}

/** A table of a report, of which the page, JSON, CSV and LaTeX are views. */
export interface DataTable {
  /** Its name in files, in kebab case. */
  readonly name: string;
  /** What it shows. */
  readonly caption: string;
  /** The columns. */
  readonly columns: readonly Column[];
  /** The rows, each with a cell for each column. */
  readonly rows: readonly (readonly Cell[])[];
}

/** Whether a cell is a figure with its interval. */
export function isInterval(cell: Cell): cell is IntervalCell {
  return typeof cell === "object";
}

/** Whether any cell of a column has an interval: in files it is then three columns. */
function hasIntervals({ rows }: DataTable, column: number): boolean {
  return rows.some((row) => isInterval(row[column]));
}

/**
 * A table as CSV: a head of keys, full precision; a column with intervals is three, `key`, `key_low`, `key_high`.
 *
 * @example
 * ```ts
 * import { tableCsv } from "@macro2micro/mer/eval/report";
 * import { assertEquals } from "@std/assert";
 *
 * const columns = [{ key: "row", title: "row" }, { key: "uf1", title: "UF1", kind: "score" as const }];
 * const table = { name: "scores", caption: "", columns, rows: [["L_c, alone", { value: 0.5, low: 0.25, high: 0.75 }]] };
 * assertEquals(tableCsv(table), 'row,uf1,uf1_low,uf1_high\n"L_c, alone",0.5,0.25,0.75\n');
 * ```
 */
export function tableCsv(table: DataTable): string {
  const head = table.columns.flatMap(({ key }, i) =>
    hasIntervals(table, i) ? [key, `${key}_low`, `${key}_high`] : [key]
  );
  const plain = (cell: string | number | undefined) =>
    typeof cell === "string" ? cell.replaceAll(/[\r\n]+/g, " ") : Number.isNaN(cell) ? undefined : cell;
  const lines = table.rows.map((row) =>
    row.flatMap((cell, i) => {
      if (isInterval(cell)) return [cell.value, cell.low, cell.high].map(plain);
      return hasIntervals(table, i) ? [plain(cell), undefined, undefined] : [plain(cell)];
    })
  );
  return csvTable(head, lines);
}

/** A table as plain data: its caption, and each row as an object by key; nothing is null. */
export function tableJson(
  { caption, columns, rows }: DataTable,
): { caption: string; rows: Record<string, string | number | IntervalCell | null>[] } {
  return {
    caption,
    rows: rows.map((row) =>
      Object.fromEntries(columns.map(({ key }, i) => {
        const cell = row[i];
        return [key, cell === undefined || Number.isNaN(cell) ? null : cell];
      }))
    ),
  };
}

/** A cell as a reader sees it, without its interval. */
export function cellText(cell: Cell, kind: Column["kind"]): string {
  const value = isInterval(cell) ? cell.value : cell;
  if (value === undefined || Number.isNaN(value)) return "–";
  if (typeof value === "string") return value;
  if (kind === "score") return value.toFixed(3);
  return kind === "number" ? String(Number(value.toPrecision(4))) : String(value);
}

/**
 * The rows of a table for a paper, to be put between the lines of a `tabular`; intervals follow their figures in brackets.
 *
 * @example
 * ```ts
 * import { tableLatex } from "@macro2micro/mer/eval/report";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const columns = [{ key: "row", title: "Row" }, { key: "uf1", title: "UF1", kind: "score" as const }];
 * const table = { name: "scores", caption: "Scores", columns, rows: [["L_c & more", 0.5]] };
 * assertStringIncludes(tableLatex(table), String.raw`$L_{c}$ \& more & 0.500 \\`);
 * ```
 */
export function tableLatex({ columns, rows }: DataTable): string {
  return latexRows(
    columns.map(({ title }) => title),
    rows.map((row) =>
      row.map((cell, i) => {
        const text = cellText(cell, columns[i]!.kind);
        if (isInterval(cell)) return `${text} [${cell.low.toFixed(3)}, ${cell.high.toFixed(3)}]`;
        return text === "–" ? "-" : text;
      })
    ),
  );
}
