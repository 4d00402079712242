import type { Figures } from "./score.ts";

/** A row of {@linkcode scoreTable}: a score or a chance under a name. */
export interface ScoreRow {
  /** What was scored: "L_c", "full method", "majority". */
  readonly name: string;
  /** A {@linkcode Score} or one of the two figures of {@linkcode Chance}. */
  readonly score: Figures & { readonly perDatabase: Readonly<Record<string, Figures>> };
}

/** Options of {@linkcode scoreTable}. */
export interface ScoreTableOptions {
  /**
   * Digits after the point.
   *
   * @default {4}
   */
  digits?: number;
}

const measures = [["UF1", "uf1"], ["UAR", "uar"], ["Acc", "accuracy"]] as const;

/**
 * Scores as a plain aligned table: UF1, UAR and accuracy in full and for each database that a row has. With a single database,
 * which is all there is, it is not repeated. Each group's head gives its number of clips; where rows differ in it, the table says so
 * with the range. A row without a database has "-" there.
 *
 * @param rows At least one.
 * @returns Lines that end in a line end.
 * @throws {RangeError} If there are no rows.
 *
 * @example
 * ```ts
 * import { score, scoreTable } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const predictions = [{ database: "samm", subject: "006", clip: "006_1_2", truth: 0, prediction: 0 }];
 * assertEquals(
 *   scoreTable([{ name: "full method", score: score(predictions, 1) }]),
 *   "             samm (n 1)\n" +
 *   "             UF1     UAR     Acc\n" +
 *   "full method  1.0000  1.0000  1.0000\n",
 * );
 * ```
 */
export function scoreTable(rows: readonly ScoreRow[], options: ScoreTableOptions = {}): string {
  const { digits = 4 } = options;
  if (rows.length === 0) throw new RangeError("Cannot draw score table: there are no rows");
  const databases = [...new Set(rows.flatMap((row) => Object.keys(row.score.perDatabase)))];
  const groups = databases.length === 1 ? [] : databases;
  const parts = (row: ScoreRow) => [row.score, ...groups.map((database) => row.score.perDatabase[database])];
  const heads = [databases.length === 1 ? databases[0]! : "full", ...groups].map((name, g) =>
    `${name} (n ${range(rows.map((row) => parts(row)[g]?.n))})`
  );
  const cells = rows.map((row) =>
    parts(row).flatMap((part) =>
      measures.map(([, key]) => part === undefined ? "-" : part[key].toFixed(digits))
    )
  );
  const nameWidth = Math.max(...rows.map((row) => row.name.length));
  const width = Math.max(digits + 2, 3);
  const groupWidth = 3 * width + 4;
  const line = (name: string, groups: string[]) =>
    `${name.padEnd(nameWidth)}  ${groups.join("   ")}`.trimEnd();
  const groupWidths = heads.map((head) => Math.max(groupWidth, head.length));
  const grouped = (cells: readonly string[]) =>
    heads.map((_, g) =>
      cells.slice(3 * g, 3 * g + 3).map((cell) => cell.padEnd(width)).join("  ").padEnd(groupWidths[g]!)
    );
  return [
    line("", heads.map((head, g) => head.padEnd(groupWidths[g]!))),
    line("", grouped(heads.flatMap(() => measures.map(([name]) => name)))),
    ...rows.map((row, i) => line(row.name, grouped(cells[i]!))),
  ].join("\n") + "\n";
}

function range(n: (number | undefined)[]): string {
  const known = n.filter((x) => x !== undefined);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return low === high ? String(low) : `${low}-${high}`;
}
