import { sum } from "./_counts.ts";

/** The columns of a predictions.csv before the probabilities. */
export const columns = ["database", "subject", "clip", "truth", "prediction"];

/** The cells of a CSV line (RFC 4180 quoting, no line ends inside cells), or undefined if its quotes do not match. */
export function splitCsvLine(line: string): string[] | undefined {
  const cells: string[] = [];
  let rest = line;
  while (true) {
    const cell = /^(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/.exec(rest);
    if (cell === null) return undefined;
    cells.push(cell[1]?.replaceAll('""', '"') ?? cell[2] ?? "");
    if (cell[3] === "") return cells;
    rest = rest.slice(cell[0].length);
  }
}

/** A CSV cell, in quotes only where it needs them. */
export function csvCell(text: string): string {
  return /[",]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Whether probabilities add up to 1, as far as float32 or four written digits go. */
export function addUp(probabilities: readonly number[]): boolean {
  return Math.abs(sum(probabilities) - 1) <= 1e-3;
}
