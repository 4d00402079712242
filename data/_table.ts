import { Buffer } from "node:buffer";
import { basename } from "node:path";
import { parse } from "csv-parse/sync";
import { nearest } from "../nearest.ts";
import { UserError } from "../types.ts";

/**
 * A cell: its text or number, blank (`null`), or something that is no value, in words: a formula whose value was lost, an error of the
 * spreadsheet program, a number dressed as a date.
 */
export type Cell = string | number | null | { readonly unreadable: string };

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
  /** Headers that are none of the columns but nearly one that the table lacks: `Action Unts`. */
  readonly misspelt: ReadonlyMap<K, string>;
  readonly lines: readonly TableLine<K>[];
}

/** The largest sheet that is unpacked: the real tables stay below 1 MB. */
const largestPart = 64 * 2 ** 20;

/** Every sheet of an `.xlsx` workbook, or the one of a `.csv` copy. */
export async function readSheets(file: string): Promise<Sheet[]> {
  const bytes = await Deno.readFile(file).catch((error: Error) => {
    const why = error.message.replace(/: readfile .*$/, ""); // which names the file again
    throw new UserError(`Cannot read the table ${file}: ${why}; check the path`);
  });
  if (bytes.length === 0) {
    throw new UserError(`Cannot read the table ${file}: the file is empty; copy it again from its source`);
  }
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return await xlsxSheets(file, bytes);
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf) {
    throw new UserError(
      isEncrypted(bytes)
        ? `Cannot read the table ${file}: it is protected by a password; save it without one`
        : `Cannot read the table ${file}: it is an old .xls workbook; save it as .xlsx or .csv`,
    );
  }
  return [{ name: basename(file), rows: csvRows(file, decodeText(bytes)) }];
}

async function xlsxSheets(file: string, bytes: Uint8Array): Promise<Sheet[]> {
  // Loaded with the first workbook: most starts of the command read none.
  const [zip, { default: readExcel }] = await Promise.all([import("fflate"), import("read-excel-file/node")]);
  try {
    const marks = sheetMarks(bytes, zip);
    const sheets = await readExcel(Buffer.from(bytes), { trim: false });
    return sheets.map(({ sheet, data }) => {
      const rows: Cell[][] = data.map((row) => row.map(plainCell));
      const own = marks.get(sheet);
      if (own === undefined) throw new Error(`its sheet ${sheet} cannot be looked into`);
      const { unreadable, merged } = own;
      for (const { row, column, why } of unreadable) {
        while (rows.length <= row) rows.push([]);
        while (rows[row]!.length <= column) rows[row]!.push(null);
        rows[row]![column] = { unreadable: why };
      }
      // A merged cell's value stands in its first cell but holds for each of its rows.
      for (const { first, last, column } of merged) {
        const value = rows[first]?.[column] ?? null;
        for (let row = first + 1; row <= last && row < rows.length; row++) rows[row]![column] ??= value;
      }
      return { name: sheet, rows };
    });
  } catch (error) {
    const other = otherArchive(bytes, zip);
    if (other !== undefined) throw new UserError(`Cannot read the table ${file}: ${other}`);
    // A library that stumbles says nothing that helps.
    const why = error instanceof TypeError ? "its sheets cannot be read" : (error as Error).message;
    throw new UserError(
      `Cannot read the table ${file}: it is not a whole .xlsx workbook (${why}); ` +
        `copy it again from its source or save it as .csv`,
    );
  }
}

/** Whether an old compound file holds a workbook that was encrypted, by the name of its stream (UTF-16). */
function isEncrypted(bytes: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(bytes).includes([..."EncryptedPackage"].join("\0"));
}

/** What a zip archive is where it is whole, but no `.xlsx` workbook, with the remedy. */
function otherArchive(bytes: Uint8Array, { unzipSync }: typeof import("fflate")): string | undefined {
  const names: string[] = [];
  try {
    unzipSync(bytes, { filter: ({ name }) => names.push(name) === 0 });
  } catch {
    return undefined; // cut short or damaged
  }
  const has = (name: string) => names.includes(name);
  if (names.some((name) => name.startsWith("xl/chartsheets/"))) {
    return "a sheet of it is a chart, which stops the reading; remove that sheet, or save the table as .csv";
  }
  if (has("xl/workbook.xml")) return undefined;
  if (has("xl/workbook.bin")) return "it is a binary workbook (.xlsb); save it as .xlsx or .csv";
  if (has("content.xml")) return "it is an OpenDocument table (.ods); save it as .xlsx or .csv";
  const inside = names.find((name) => /\.(xlsx|csv)$/i.test(name));
  return inside === undefined
    ? "it is a zip archive, but no .xlsx workbook; name the right file"
    : `it is a zip archive with ${inside} in it; unpack it and name that file`;
}

function plainCell(value: unknown): Cell {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value === "number") return value;
  return value instanceof Date
    ? { unreadable: `a date (${value.toISOString().slice(0, 10)})` }
    : String(value);
}

/** What a library for reading workbooks keeps to itself, by sheet. */
interface SheetMarks {
  /** Formulas without a cached value, which libraries read as blank (a copy that a script has saved again is full of them), and errors. */
  readonly unreadable: readonly { readonly row: number; readonly column: number; readonly why: string }[];
  /** Cells merged over several rows. */
  readonly merged: readonly { readonly first: number; readonly last: number; readonly column: number }[];
}

function sheetMarks(
  bytes: Uint8Array,
  { strFromU8, unzipSync }: typeof import("fflate"),
): Map<string, SheetMarks> {
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
  const marks = new Map<string, SheetMarks>();
  for (const [element] of text("xl/workbook.xml").matchAll(/<(?:\w+:)?sheet\s[^>]*>/g)) {
    const part = `xl/${targets.get(attribute(element, "\\w+:id"))}`; // r:id, or another prefix
    if (parts[part] === undefined) continue;
    const xml = text(part);
    marks.set(unescape(attribute(element, "name")), {
      unreadable: unreadableCells(xml),
      merged: mergedCells(xml),
    });
  }
  return marks;
}

function unreadableCells(xml: string): SheetMarks["unreadable"] {
  const cells = [];
  // A cell that closes itself holds neither formula nor error; the lazy body stops at the cell's own end tag.
  for (const [, tag, body] of xml.matchAll(/<(?:\w+:)?c\s([^>]*[^/>])>([^]*?)<\/(?:\w+:)?c>/g)) {
    const value = /<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)</.exec(body!)?.[1];
    const isError = /\st="e"/.test(` ${tag}`), hasFormula = /<(?:\w+:)?f[\s>/]/.test(body!);
    if (!isError && (value !== undefined || !hasFormula)) continue;
    const at = /r="([A-Z]+)(\d+)"/.exec(tag!);
    if (at === null) continue;
    const formula = /<(?:\w+:)?f[^>]*>([^<]*)</.exec(body!)?.[1] ?? "";
    const why = isError
      ? `the error ${unescape(value ?? "")}`
      : `the formula =${unescape(formula)} without a value`;
    cells.push({ row: Number(at[2]) - 1, column: columnIndex(at[1]!), why });
  }
  return cells;
}

function mergedCells(xml: string): SheetMarks["merged"] {
  return [...xml.matchAll(/<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z]+)(\d+):[A-Z]+(\d+)"/g)].flatMap(
    ([, letters, from, to]) => {
      const [first, last] = [Number(from) - 1, Number(to) - 1];
      return first < last ? [{ first, last, column: columnIndex(letters!) }] : [];
    },
  );
}

function attribute(element: string, name: string): string {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(element)?.[1] ?? "";
}

function columnIndex(letters: string): number {
  return [...letters].reduce((index, letter) => index * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function unescape(text: string): string {
  const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return text.replace(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi,
    (_, hex, decimal, name) =>
      name === undefined
        ? String.fromCodePoint(hex === undefined ? Number(decimal) : parseInt(hex, 16))
        : entities[name.toLowerCase()]!,
  );
}

/** UTF-8 or UTF-16 by its mark, else UTF-8, else the Windows encoding of Western spreadsheet programs. */
export function decodeText(bytes: Uint8Array): string {
  const mark = (bytes[0]! << 8) | bytes[1]!;
  if (mark === 0xfffe) return new TextDecoder("utf-16le").decode(bytes);
  if (mark === 0xfeff) return new TextDecoder("utf-16be").decode(bytes);
  // UTF-16 without its mark: every other byte of plain text is zero.
  if (bytes.length > 3 && bytes[1] === 0 && bytes[3] === 0) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes.length > 3 && bytes[0] === 0 && bytes[2] === 0) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** Rows of a csv text; the delimiter is the one of `,` `;` and tab that comes most often. */
export function csvRows(file: string, text: string): (string | null)[][] {
  if (text.startsWith("PK\u0003\u0004")) {
    throw new UserError(
      `Cannot read ${file}: it is an .xlsx workbook, not a csv file; save it as .csv, or name the right file`,
    );
  }
  if (text.includes("\0")) {
    throw new UserError(`Cannot read ${file}: it is no text but a file of another kind; name the right file`);
  }
  if (/^\ufeff?\s*<(\?xml|!doctype|html|table|workbook)\b/i.test(text)) {
    throw new UserError(
      `Cannot read ${file}: it is a web page or an XML file, not a table; save it as .xlsx or .csv`,
    );
  }
  const count = (mark: string) => text.split(mark).length;
  const delimiter = [",", ";", "\t"].reduce((best, mark) => count(mark) > count(best) ? mark : best);
  try {
    const rows: string[][] = parse(text.replace(/^\ufeff/, ""), {
      delimiter,
      // All three, since files that were joined mix them; of one kind alone, lines of the others would be lost in a cell.
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      skip_empty_lines: false,
    });
    return rows.map((row) => row.map((cell) => cell === "" ? null : cell));
  } catch (error) {
    throw new UserError(
      `Cannot read ${file}: it is not a csv file (${
        (error as Error).message.replace(/, value is .*/s, "").replaceAll("\n", " ")
      }); correct it or save it again`,
    );
  }
}

/** Which sheet of a workbook is meant. */
export interface SheetChoice {
  /** The sheet to read where it is there; the only one that fits otherwise. */
  readonly sheet?: string;
  /** Sheets that hold something else in the same form and are never read instead. */
  readonly notSheets?: readonly string[];
}

interface Header<K extends string> {
  readonly sheet: Sheet;
  readonly row: number;
  readonly places: ReadonlyMap<K, readonly number[]>;
  readonly misspelt: ReadonlyMap<K, string>;
}

/** Finds the table in the sheets by its header. A missing required column or a column that comes twice is refused by name. */
export function findHeader<K extends string>(
  file: string,
  sheets: readonly Sheet[],
  columns: Readonly<Record<K, Column>>,
  choice: SheetChoice = {},
): Table<K> {
  const keys = Object.keys(columns) as K[];
  const candidates = chosenSheets(file, sheets, choice);
  const headers = candidates.map((sheet) => headerOf(sheet, keys, columns));
  const lacks = (header: Header<K>) =>
    keys.filter((key) => columns[key].required && !header.places.has(key)).length;
  const whole = headers.filter((header) => header !== undefined && lacks(header) === 0);
  const [header] = whole;
  if (header === undefined) throw noHeader(file, headers, keys, columns);
  if (whole.length > 1) {
    throw new UserError(
      `Cannot read the table ${file}: its sheets ${
        whole.map((header) => header!.sheet.name).join(" and ")
      } both fit; keep the one that is meant`,
    );
  }
  for (const [key, at] of header.places) {
    if (at.length === 1) continue;
    throw new UserError(
      `Cannot read the table ${file}: column ${
        columns[key].headers[0]
      } comes ${at.length} times; remove all but one`,
    );
  }
  const { sheet, row, places, misspelt } = header;
  return {
    sheet: sheet.name,
    present: new Set(places.keys()),
    misspelt,
    lines: tableLines(sheet, row, keys, places),
  };
}

function chosenSheets(file: string, sheets: readonly Sheet[], choice: SheetChoice): readonly Sheet[] {
  const same = (a: string, b: string | undefined) => a.trim().toLowerCase() === b?.toLowerCase();
  const named = sheets.filter(({ name }) => same(name, choice.sheet));
  if (named.length > 0) return named;
  const others = sheets.filter(({ name }) => !choice.notSheets?.some((other) => same(name, other)));
  if (others.length === sheets.length || others.some(({ rows }) => rows.length > 1)) return others;
  throw new UserError(
    `Cannot read the table ${file}: it has no sheet ${choice.sheet}, only ${
      sheets.map(({ name }) => name).join(", ")
    }; name the table of ${choice.sheet}`,
  );
}

/** The row of a sheet that holds most of the required headers, the first of equals. */
function headerOf<K extends string>(
  sheet: Sheet,
  keys: readonly K[],
  columns: Readonly<Record<K, Column>>,
): Header<K> | undefined {
  let [best, most] = [undefined as Header<K> | undefined, 0];
  for (const [row, cells] of sheet.rows.entries()) {
    const texts = cells.map((cell) => typeof cell === "string" ? plain(cell) : "");
    const places = new Map<K, number[]>();
    for (const key of keys) {
      const names = columns[key].headers.map(plain);
      const at = texts.flatMap((text, i) => names.includes(text) ? [i] : []);
      if (at.length > 0) places.set(key, at);
    }
    const found = keys.filter((key) => columns[key].required && places.has(key)).length;
    if (found <= most) continue;
    most = found;
    best = { sheet, row, places, misspelt: misspeltHeaders(cells, texts, places, keys, columns) };
  }
  return best;
}

/** Headers that are none of the columns, but nearly one that is missing. */
function misspeltHeaders<K extends string>(
  cells: readonly Cell[],
  texts: readonly string[],
  places: ReadonlyMap<K, readonly number[]>,
  keys: readonly K[],
  columns: Readonly<Record<K, Column>>,
): Map<K, string> {
  const taken = new Set([...places.values()].flat());
  const misspelt = new Map<K, string>();
  for (const key of keys.filter((key) => !places.has(key))) {
    const at = texts.findIndex((text, i) =>
      text.length > 3 && !taken.has(i) &&
      columns[key].headers.some((header) => nearest(text, [plain(header)]).startsWith(" (did you mean"))
    );
    if (at < 0) continue;
    taken.add(at);
    misspelt.set(key, cleanText(String(cells[at])));
  }
  return misspelt;
}

function noHeader<K extends string>(
  file: string,
  headers: readonly (Header<K> | undefined)[],
  keys: readonly K[],
  columns: Readonly<Record<K, Column>>,
): UserError {
  const lacking = (header: Header<K> | undefined) =>
    keys.filter((key) => columns[key].required && !header?.places.has(key));
  const best = headers.reduce(
    (best, header) => lacking(header).length < lacking(best).length ? header : best,
    undefined as Header<K> | undefined,
  );
  const missing = lacking(best);
  const cells = best?.sheet.rows[best.row]?.filter((cell) => typeof cell === "string" && !isBlank(cell)) ??
    [];
  const typos = missing.flatMap((key) =>
    best?.misspelt.has(key) ? [`"${best.misspelt.get(key)}" may be meant as ${columns[key].headers[0]}`] : []
  );
  return new UserError(
    `Cannot read the table ${file}: no header with the column${missing.length > 1 ? "s" : ""} ${
      missing.map((key) => columns[key].headers[0]).join(", ")
    } was found` + (cells.length > 0 ? ` (nearest header: ${shortList(cells)})` : "") +
      (typos.length > 0
        ? `; ${typos.join(", ")}: correct it`
        : "; name the right table or restore its header"),
  );
}

function tableLines<K extends string>(
  sheet: Sheet,
  header: number,
  keys: readonly K[],
  places: ReadonlyMap<K, readonly number[]>,
): TableLine<K>[] {
  const at = (row: readonly Cell[], key: K) => places.has(key) ? row[places.get(key)![0]!] ?? null : null;
  const heads = keys.map((key) => at(sheet.rows[header]!, key));
  return sheet.rows.slice(header + 1).flatMap((row, i) => {
    const values = keys.map((key) => at(row, key));
    // A line without any value, or the header over again, as copies joined from several files have it.
    if (values.every(isBlank) || values.every((value, k) => value === heads[k])) return [];
    return [{
      line: header + 2 + i,
      cells: Object.fromEntries(keys.map((key, k) => [key, values[k]])) as Record<K, Cell>,
    }];
  });
}

/** Whether a cell holds nothing, or only blanks. */
export function isBlank(cell: unknown): boolean {
  return cell === null || (typeof cell === "string" && cleanText(cell) === "");
}

/**
 * A text as it is meant: full-width letters and digits as plain ones, no-break and doubled blanks as single ones, none around it, without
 * characters that cannot be seen. Numbers that are no digits of the text (a footnote's mark, a fraction) stay as they are: 46 with the footnote 1 is not 461.
 */
export function cleanText(text: string): string {
  const plain = text.replace(/\P{No}+/gu, (part) => part.normalize("NFKC"));
  // deno-lint-ignore no-control-regex
  return plain.replace(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2060\ufeff]/g, "")
    .replace(/\s+/g, " ").trim();
}

/** A header without case, blanks and punctuation: `Onset Frame` and `OnsetFrame` are the same. */
function plain(text: string): string {
  return cleanText(text).toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** A cell as text for a message. */
export function cellText(cell: Cell): string {
  if (cell === null) return "blank";
  if (typeof cell === "object") return cell.unreadable;
  return oneLine(cell) || "blank";
}

/** The first cells of a row, for a message. */
function shortList(cells: readonly Cell[]): string {
  return cells.slice(0, 16).map(oneLine).join(", ") +
    (cells.length > 16 ? `, ... (${cells.length} in all)` : "");
}

/** Cut short where it would fill a screen. */
function oneLine(cell: Cell): string {
  const text = cleanText(String(cell));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
