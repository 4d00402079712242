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
