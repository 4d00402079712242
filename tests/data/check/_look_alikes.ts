// Look-alikes of the coding tables, as long as the real ones and with their counts of labels; their frames and clips are made up.
import { seededRandom } from "../../../engine/random.ts";
import { type CheckReport, checkTable, type TableName, type XlsxCell } from "../../../data/mod.ts";
import { casme2Header, sammHeader, sheet, smicHeader, tableFile } from "../readers/_databases.ts";

/** A table as rows of cells, header first. */
export type Rows = XlsxCell[][];

const two = (n: number) => String(n).padStart(2, "0");

/** Labels as often as told, in an order that has nothing to do with subjects. */
function deal(counts: Record<string, number>): string[] {
  const labels = Object.entries(counts).flatMap(([label, n]) => Array<string>(n).fill(label));
  return seededRandom("look-alike").shuffle(labels);
}

export const casme2Counts = {
  others: 99,
  disgust: 63,
  happiness: 32,
  repression: 27,
  surprise: 25,
  sadness: 7,
  fear: 2,
};

/** CASME II: 26 subjects in turn. */
export function casme2Rows(counts: Record<string, number> = casme2Counts, more: XlsxCell[] = []): Rows {
  const rows = deal(counts).map((label, i): XlsxCell[] => {
    const onset = 20 + i, apex = onset + 7 + i % 11, offset = apex + 9 + i % 13;
    return [
      two(i % 26 + 1),
      `EP${two(1 + i % 19)}_${two(1 + Math.floor(i / 19))}`,
      null,
      onset,
      apex,
      offset,
      null,
      i % 3 ? "4+L10" : 12,
      label,
    ];
  });
  return [[...casme2Header, ...more], ...rows.map((row, i) => more.length > 0 ? [...row, 1 + i % 7] : row)];
}

/** SAMM: preamble, 29 subjects, durations as formulas. */
export function sammRows(): Rows {
  const counts = {
    Anger: 57,
    Other: 26,
    Happiness: 26,
    Surprise: 15,
    Contempt: 12,
    Disgust: 9,
    Fear: 8,
    Sadness: 6,
  };
  const rows = deal(counts).map((label, i): XlsxCell[] => {
    const subject = String(6 + i % 29).padStart(3, "0"),
      onset = 1000 + 31 * i,
      apex = onset + 12,
      offset = apex + 25;
    const duration = { formula: `SUM(F${i + 15}-D${i + 15})+1`, value: offset - onset + 1 };
    return [
      subject,
      `${subject}_${1 + i % 7}_${1 + Math.floor(i / 7)}`,
      1,
      onset,
      apex,
      offset,
      duration,
      "Micro - 1/2",
      "4+7",
      label,
      3,
      null,
    ];
  });
  return [["Some dataset"], ...Array(12).fill([]), sammHeader, ...rows];
}

/** SMIC, camera HS (16 subjects) or VIS (8 of them, a quarter of the frame rate). */
export function smicRows(camera: "HS" | "VIS"): Rows {
  const counts = camera === "HS"
    ? { negative: 70, positive: 51, surprise: 41 }
    : { positive: 28, negative: 24, surprise: 19 };
  const word = { negative: "ne", positive: "po", surprise: "sur" } as Record<string, string>;
  const rows = deal(counts).map((label, i): XlsxCell[] => {
    const subject = camera === "HS" ? 1 + i % 16 : 1 + i % 8,
      first = 7000 + 300 * i,
      onset = first + 40,
      length = camera === "HS" ? 30 : 8;
    const clip = `s${subject}_${word[label]}_${two(1 + Math.floor(i / 8))}`;
    return [
      subject,
      clip,
      null,
      onset,
      onset + length - 1,
      null,
      null,
      null,
      first,
      first + 199,
      length,
      null,
      200,
      label,
    ];
  });
  return [smicHeader, ...rows];
}

/** A change of every row below the header. */
export function eachRow(rows: Rows, change: (row: XlsxCell[], i: number) => XlsxCell[]): Rows {
  const header = rows.findIndex((row) => row[0] === "Subject");
  return rows.map((row, i) => i > header ? change([...row], i - header - 1) : row);
}

/** The header with other words. */
export function renamed(rows: Rows, names: Record<string, string>): Rows {
  return rows.map((row) =>
    row[0] === "Subject" ? row.map((cell) => typeof cell === "string" ? names[cell] ?? cell : cell) : row
  );
}

/** Two columns in each other's place, header left where it is. */
export function swapped(rows: Rows, a: number, b: number): Rows {
  return eachRow(rows, (row) => {
    [row[a], row[b]] = [row[b] ?? null, row[a] ?? null];
    return row;
  });
}

/** Rows as a csv file. */
export function csv(rows: Rows, mark = ",", end = "\n"): string {
  const text = (cell: XlsxCell): string => {
    const plain = cell === null ? "" : typeof cell === "object" ? String(cell.value ?? "") : String(cell);
    return /[",;\t\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
  };
  return rows.map((row) => row.map(text).join(mark)).join(end);
}

/** Checks rows as a workbook of one sheet, or text as a csv file. */
export async function checkRows(
  name: TableName,
  content: Rows | string | Uint8Array,
  options: Parameters<typeof checkTable>[2] & { readonly sheet?: string } = {},
): Promise<CheckReport> {
  const { sheet: sheetName = name === "smic" ? options.camera ?? "HS" : "Sheet1", ...rest } = options;
  const file = typeof content === "string"
    ? await tableFile(content, "csv")
    : await tableFile(content instanceof Uint8Array ? content : sheet(content, sheetName));
  try {
    return await checkTable(name, file, rest);
  } finally {
    await Deno.remove(file);
  }
}
