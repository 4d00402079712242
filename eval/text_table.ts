import { refuseUneven } from "./_table.ts";

/**
 * Cells as a plain aligned table with a head: columns to the left, two spaces apart, no space at a line's end.
 *
 * @param head The columns' names.
 * @param rows As many cells as columns in each.
 * @returns Lines that end in a line end.
 * @throws {RangeError} If a row has another number of cells.
 *
 * @example
 * ```ts
 * import { textTable } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(textTable(["row", "UF1"], [["L_c", "0.81"]]), "row  UF1\nL_c  0.81\n");
 * ```
 */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  refuseUneven("draw text table", head, rows);
  const widths = head.map((name, c) =>
    Math.max(...[name, ...rows.map((row) => row[c]!)].map((x) => x.length))
  );
  return [head, ...rows].map((cells) =>
    `${cells.map((cell, c) => cell.padEnd(widths[c]!)).join("  ").trimEnd()}\n`
  ).join("");
}
