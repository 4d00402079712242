import { Buffer } from "node:buffer";
import { basename } from "node:path";
import { parse } from "csv-parse/sync";
import { strFromU8, unzipSync } from "fflate";
import readExcel from "read-excel-file/node";
import { UserError } from "../types.ts";

/** A cell: its text or number, blank (`null`), or a formula whose value was lost. */
export type Cell = string | number | null | { readonly lostFormula: string };

/** A sheet as rows of cells; row 0 is line 1 of a spreadsheet program. */
export interface Sheet {
  readonly name: string;
  readonly rows: readonly (readonly Cell[])[];
}

/** A column that a table may have, under one of several header names. */
export interface Column {
  /** Accepted headers, compared without case, blanks and punctuation. */
  readonly headers: readonly string[];
  /** Whether the table is refused without it. */
  readonly required: boolean;
}

/** A row of a table with its cells by column key. */
export type TableLine<K extends string> = { readonly line: number } & {
  readonly cells: Readonly<Record<K, Cell>>;
};

/** A table found by its header, wherever the header's row and columns are. */
export interface Table<K extends string> {
  readonly sheet: string;
  readonly present: ReadonlySet<K>;
  readonly lines: readonly TableLine<K>[];
}

/** The largest sheet that is unpacked: the real tables stay below 1 MB. */
const largestPart = 64 * 2 ** 20;

/** Every sheet of an `.xlsx` workbook, or the one of a `.csv` copy. */
export async function readSheets(file: string): Promise<Sheet[]> {
  const bytes = await Deno.readFile(file).catch((error: Error) => {
    throw new UserError(`Cannot read the table ${file}: ${error.message}; check the path`);
  });
  if (bytes.length === 0) {
    throw new UserError(`Cannot read the table ${file}: the file is empty; copy it again from its source`);
  }
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return await xlsxSheets(file, bytes);
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf) {
    throw new UserError(
      `Cannot read the table ${file}: it is an old .xls workbook; save it as .xlsx or .csv`,
    );
  }
  return [{ name: basename(file), rows: csvRows(file, decodeText(bytes)) }];
}

async function xlsxSheets(file: string, bytes: Uint8Array): Promise<Sheet[]> {
  try {
    const lost = lostFormulas(bytes);
    const sheets = await readExcel(Buffer.from(bytes), { trim: false });
    return sheets.map(({ sheet, data }) => {
      const rows: Cell[][] = data.map((row) => row.map(plainCell));
      for (const { row, column, formula } of lost.get(sheet) ?? []) {
        while (rows.length <= row) rows.push([]);
        while (rows[row]!.length <= column) rows[row]!.push(null);
        rows[row]![column] = { lostFormula: formula };
      }
      return { name: sheet, rows };
    });
  } catch (error) {
    throw new UserError(
      `Cannot read the table ${file}: it is not a whole .xlsx workbook (${(error as Error).message}); ` +
        `copy it again from its source or save it as .csv`,
    );
  }
}

function plainCell(value: unknown): Cell {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value === "number") return value;
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value);
}

/**
 * Cells with a formula and no cached value, by sheet: libraries read these as blank, and a copy of a table that a script
 * has saved again is full of them.
 */
function lostFormulas(bytes: Uint8Array): Map<string, { row: number; column: number; formula: string }[]> {
  const wanted = /^xl\/(workbook\.xml|_rels\/workbook\.xml\.rels|worksheets\/[^/]+\.xml)$/;
  const parts = unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      if (originalSize > largestPart) throw new Error(`${name} unpacks to ${originalSize} bytes`);
      return wanted.test(name);
    },
  });
  const text = (name: string) => parts[name] === undefined ? "" : strFromU8(parts[name]);
  const targets = new Map<string, string>();
  for (const [element] of text("xl/_rels/workbook.xml.rels").matchAll(/<Relationship\s[^>]*>/g)) {
    targets.set(attribute(element, "Id"), attribute(element, "Target").replace(/^\/?xl\//, ""));
  }
  const lost = new Map<string, { row: number; column: number; formula: string }[]>();
  for (const [element] of text("xl/workbook.xml").matchAll(/<(?:\w+:)?sheet\s[^>]*>/g)) {
    const xml = text(`xl/${targets.get(attribute(element, "r:id"))}`);
    const cells = [];
    // A cell that closes itself holds no formula; the lazy body stops at the cell's own end tag.
    for (const [, tag, body] of xml.matchAll(/<(?:\w+:)?c\s([^>]*[^/>])>([^]*?)<\/(?:\w+:)?c>/g)) {
      if (!/<(?:\w+:)?f[\s>/]/.test(body!) || /<(?:\w+:)?v(?:\s[^>]*)?>[^<]/.test(body!)) continue;
      const at = /r="([A-Z]+)(\d+)"/.exec(tag!);
      if (at === null) continue;
      const formula = /<(?:\w+:)?f[^>]*>([^<]*)</.exec(body!)?.[1] ?? "";
      cells.push({ row: Number(at[2]) - 1, column: columnIndex(at[1]!), formula: unescape(formula) });
    }
    lost.set(unescape(attribute(element, "name")), cells);
  }
  return lost;
}

function attribute(element: string, name: string): string {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(element)?.[1] ?? "";
}

function columnIndex(letters: string): number {
  return [...letters].reduce((index, letter) => index * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function unescape(text: string): string {
  const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name) => entities[name]!);
}

/** UTF-8 or UTF-16 by its mark, else UTF-8, else the Windows encoding of Western spreadsheet programs. */
export function decodeText(bytes: Uint8Array): string {
  const mark = (bytes[0]! << 8) | bytes[1]!;
  if (mark === 0xfffe) return new TextDecoder("utf-16le").decode(bytes);
  if (mark === 0xfeff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** Rows of a csv text; the delimiter is the one of `,` `;` and tab that comes most often. */
export function csvRows(file: string, text: string): (string | null)[][] {
  const count = (mark: string) => text.split(mark).length;
  const delimiter = [",", ";", "\t"].reduce((best, mark) => count(mark) > count(best) ? mark : best);
  try {
    const rows: string[][] = parse(text.replace(/^\ufeff/, ""), {
      delimiter,
      relax_column_count: true,
      skip_empty_lines: false,
    });
    return rows.map((row) => row.map((cell) => cell === "" ? null : cell));
  } catch (error) {
    throw new UserError(
      `Cannot read ${file}: it is not a csv file (${(error as Error).message}); correct it or save it again`,
    );
  }
}

/** Finds the table in the sheets by its header. A missing required column or a column that comes twice is refused by name. */
export function findHeader<K extends string>(
  file: string,
  sheets: readonly Sheet[],
  columns: Readonly<Record<K, Column>>,
  sheetName?: string,
): Table<K> {
  const keys = Object.keys(columns) as K[];
  const required = keys.filter((key) => columns[key].required);
  let nearest = { found: [] as K[], headers: [] as string[] };
  for (const sheet of sheets) {
    if (
      sheetName !== undefined && sheets.length > 1 && sheet.name.toLowerCase() !== sheetName.toLowerCase()
    ) continue;
    for (let r = 0; r < Math.min(sheet.rows.length, 60); r++) {
      const headers = sheet.rows[r]!.map((cell) => typeof cell === "string" ? plain(cell) : "");
      const places = new Map<K, number[]>();
      for (const key of keys) {
        const names = columns[key].headers.map(plain);
        const at = headers.flatMap((header, i) => names.includes(header) ? [i] : []);
        if (at.length > 0) places.set(key, at);
      }
      const found = required.filter((key) => places.has(key));
      if (found.length > nearest.found.length) {
        nearest = { found, headers: sheet.rows[r]!.filter((cell) => typeof cell === "string") };
      }
      if (found.length < required.length) continue;
      for (const [key, at] of places) {
        if (at.length > 1) {
          throw new UserError(
            `Cannot read the table ${file}: column ${
              columns[key].headers[0]
            } comes ${at.length} times; remove all but one`,
          );
        }
      }
      return {
        sheet: sheet.name,
        present: new Set(places.keys()),
        lines: tableLines(sheet, r, keys, places),
      };
    }
  }
  const missing = required.filter((key) => !nearest.found.includes(key)).map((key) =>
    columns[key].headers[0]
  );
  throw new UserError(
    `Cannot read the table ${file}: no header with the column${missing.length > 1 ? "s" : ""} ${
      missing.join(", ")
    } was found` +
      (nearest.headers.length > 0 ? ` (nearest header: ${nearest.headers.join(", ")})` : "") +
      `; name the right table or restore its header`,
  );
}

function tableLines<K extends string>(
  sheet: Sheet,
  header: number,
  keys: readonly K[],
  places: ReadonlyMap<K, readonly number[]>,
): TableLine<K>[] {
  return sheet.rows.slice(header + 1).flatMap((row, i) => {
    const at = (key: K) => places.has(key) ? row[places.get(key)![0]!] ?? null : null;
    const cells = Object.fromEntries(keys.map((key) => [key, at(key)])) as Record<K, Cell>;
    return Object.values(cells).every(isBlank) ? [] : [{ line: header + 2 + i, cells }];
  });
}

/** Whether a cell holds nothing, or only blanks. */
export function isBlank(cell: unknown): boolean {
  return cell === null || (typeof cell === "string" && cell.trim() === "");
}

/** A header without case, blanks and punctuation: `Onset Frame` and `OnsetFrame` are the same. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** A cell as text for a message. */
export function cellText(cell: Cell): string {
  if (cell === null) return "blank";
  return typeof cell === "object" ? `the formula =${cell.lostFormula} without a value` : String(cell).trim();
}
