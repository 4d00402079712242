import { refuseUneven } from "./_table.ts";

/**
 * Cells as rows of a LaTeX table, to be put into a tabular of your own: the head as a comment, then a line `a & b \\` for each row.
 * What LaTeX would take for a command is escaped; names of the losses (L_c, L_sam) become formulas, +- becomes `$\pm$`, and an absent
 * cell `--`.
 *
 * @param head The columns' names.
 * @param rows As many cells as columns in each.
 * @returns Lines that end in a line end.
 * @throws {RangeError} If a row has another number of cells.
 *
 * @example
 * ```ts
 * import { latexRows } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   latexRows(["row", "UF1"], [["L_c + L_s", "0.81 ± 0.02"], ["a_b & 95 %", "-"]]),
 *   "% row & UF1\n$L_{c}$ + $L_{s}$ & 0.81 $\\pm$ 0.02 \\\\\na\\_b \\& 95 \\% & -- \\\\\n",
 * );
 * ```
 */
export function latexRows(head: readonly string[], rows: readonly (readonly string[])[]): string {
  refuseUneven("write LaTeX rows", head, rows);
  const lines = rows.map((cells) =>
    `${cells.map((cell) => cell === "-" ? "--" : latexText(cell)).join(" & ")} \\\\\n`
  );
  return `% ${head.map((name) => name.replaceAll(/[\r\n]+/g, " ")).join(" & ")}\n${lines.join("")}`;
}

const escapes: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  '"': "\\textquotedbl{}",
  "±": "$\\pm$",
  "−": "$-$",
  "[": "{[}", // at the begin of a row it would be an argument of the \\ before it
  "]": "{]}",
  "*": "{*}", // likewise
};

/** A text as LaTeX sets it, losses' names as formulas. */
function latexText(text: string): string {
  return text.replaceAll(/\bL_([a-z]+)\b|[\\~^<>|"±−[\]*&%$#_{}]|[\r\n]+/g, (found, loss?: string) => {
    if (loss !== undefined) return `$L_{${loss}}$`;
    if (/[\r\n]/.test(found)) return " ";
    return escapes[found] ?? `\\${found}`;
  });
}
