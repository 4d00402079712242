import { csvCell } from "./_csv.ts";
import { refuseUneven } from "./_table.ts";

/**
 * Cells as CSV (RFC 4180 quoting, LF line ends). Numbers take the shortest form that reads back as the same number; an absent cell is
 * empty.
 *
 * @param head The columns' names.
 * @param rows As many cells as columns in each; no text with a line end.
 * @returns Lines that end in a line end.
 * @throws {RangeError} If a row has another number of cells, a number is not finite, or a text has a line end.
 *
 * @example
 * ```ts
 * import { csvTable } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(csvTable(["row", "mean", "low"], [["a, b", 0.5, undefined]]), 'row,mean,low\n"a, b",0.5,\n');
 * ```
 */
export function csvTable(
  head: readonly string[],
  rows: readonly (readonly (string | number | undefined)[])[],
): string {
  refuseUneven("write CSV", head, rows);
  return [head, ...rows].map((cells) => `${cells.map(text).join()}\n`).join("");
}

function text(cell: string | number | undefined): string {
  if (typeof cell === "number" && !Number.isFinite(cell)) {
    throw new RangeError(`Cannot write CSV: numbers must be finite, current value is ${cell}`);
  }
  if (typeof cell === "string" && /[\r\n]/.test(cell)) {
    throw new RangeError(
      `Cannot write CSV: a cell must have no line end, current cell is ${JSON.stringify(cell)}`,
    );
  }
  return csvCell(String(cell ?? ""));
}
