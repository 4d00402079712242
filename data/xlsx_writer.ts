import { strToU8, zipSync } from "fflate";

/** A cell: text, a number, nothing, or a formula with the value that a spreadsheet program cached for it (`null`: lost). */
export type XlsxCell = string | number | null | {
  /** The formula without its equals sign (`E15-D15+1`). */
  readonly formula: string;
  /** The cached value; `null` writes the formula without one, as scripts that re-save a table do. */
  readonly value: string | number | null;
};

/** A sheet of a workbook. */
export interface XlsxSheet {
  /** The sheet's name, at most 31 characters. */
  readonly name: string;
  /** Its rows from the top; `null` and missing cells stay blank. */
  readonly rows: readonly (readonly XlsxCell[])[];
}

/**
 * Writes a workbook: text as shared strings, numbers as numbers, formulas with their cached values, no styles. The same sheets
 * give the same bytes. It exists for look-alikes of coding tables (tests and synthetic databases), not for office work.
 *
 * @param sheets At least one sheet; names must differ.
 * @returns The bytes of an `.xlsx` file.
 * @throws {RangeError} if there is no sheet, a name is empty, too long or double, or a number is not finite.
 *
 * @example
 * ```ts
 * import { writeXlsx } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = writeXlsx([{ name: "Sheet1", rows: [["Subject", "OnsetFrame"], ["01", 46]] }]);
 * assertEquals(String.fromCharCode(bytes[0]!, bytes[1]!), "PK");
 * ```
 */
export function writeXlsx(sheets: readonly XlsxSheet[]): Uint8Array<ArrayBuffer> {
  if (sheets.length === 0) {
    throw new RangeError("Cannot write workbook: it needs at least one sheet, current count is 0");
  }
  if (new Set(sheets.map((sheet) => sheet.name.toLowerCase())).size !== sheets.length) {
    throw new RangeError("Cannot write workbook: two sheets have the same name");
  }
  const strings = new Map<string, number>();
  const bodies = sheets.map((sheet) => sheetXml(sheet, strings));
  const parts: Record<string, string> = {
    "[Content_Types].xml": contentTypes(sheets.length),
    "_rels/.rels": relations([["officeDocument", "xl/workbook.xml"]]),
    "xl/workbook.xml": workbookXml(sheets),
    "xl/_rels/workbook.xml.rels": relations([
      ...sheets.map((_, i) => ["worksheet", `worksheets/sheet${i + 1}.xml`] as const),
      ["sharedStrings", "sharedStrings.xml"],
      ["styles", "styles.xml"],
    ]),
    "xl/styles.xml": stylesXml,
    "xl/sharedStrings.xml": stringsXml([...strings.keys()]),
  };
  bodies.forEach((body, i) => parts[`xl/worksheets/sheet${i + 1}.xml`] = body);
  const files = Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(head + text)]));
  return new Uint8Array(zipSync(files, { mtime: new Date(1980, 0, 1), level: 6 }));
}

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const stylesXml = `<styleSheet ${main}><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>` +
  `<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>` +
  `<cellXfs count="1"><xf/></cellXfs></styleSheet>`;

function sheetXml(sheet: XlsxSheet, strings: Map<string, number>): string {
  if (sheet.name.length === 0 || sheet.name.length > 31) {
    throw new RangeError(
      `Cannot write workbook: a sheet's name has 1 to 31 characters, current name is "${sheet.name}"`,
    );
  }
  const rows = sheet.rows.map((row, r) => {
    const cells = row.map((cell, c) => cellXml(cell, `${columnName(c)}${r + 1}`, strings)).join("");
    return cells === "" ? "" : `<row r="${r + 1}">${cells}</row>`;
  });
  return `<worksheet ${main}><sheetData>${rows.join("")}</sheetData></worksheet>`;
}

function cellXml(cell: XlsxCell | undefined, at: string, strings: Map<string, number>): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "number") return `<c r="${at}"><v>${finite(cell)}</v></c>`;
  if (typeof cell === "string") {
    if (!strings.has(cell)) strings.set(cell, strings.size);
    return `<c r="${at}" t="s"><v>${strings.get(cell)}</v></c>`;
  }
  const { formula, value } = cell;
  const type = typeof value === "string" ? ' t="str"' : "";
  const cached = value === null ? "" : `<v>${typeof value === "number" ? finite(value) : escape(value)}</v>`;
  return `<c r="${at}"${type}><f>${escape(formula)}</f>${cached}</c>`;
}

/** 0 -> A, 25 -> Z, 26 -> AA. */
function columnName(index: number): string {
  const last = String.fromCharCode(65 + index % 26);
  return index < 26 ? last : columnName(Math.floor(index / 26) - 1) + last;
}

function workbookXml(sheets: readonly XlsxSheet[]): string {
  const list = sheets.map((sheet, i) =>
    `<sheet name="${escape(sheet.name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`
  );
  return `<workbook ${main} xmlns:r="${office}"><sheets>${list.join("")}</sheets></workbook>`;
}

function relations(list: readonly (readonly [kind: string, target: string])[]): string {
  const entries = list.map(([kind, target], i) =>
    `<Relationship Id="rId${i + 1}" Type="${office}/${kind}" Target="${target}"/>`
  );
  const namespace = "http://schemas.openxmlformats.org/package/2006/relationships";
  return `<Relationships xmlns="${namespace}">${entries.join("")}</Relationships>`;
}

function contentTypes(sheets: number): string {
  const type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const override = (part: string, kind: string) =>
    `<Override PartName="/xl/${part}.xml" ContentType="${type}.${kind}+xml"/>`;
  const list = Array.from({ length: sheets }, (_, i) => override(`worksheets/sheet${i + 1}`, "worksheet"));
  return `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
    `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
    `<Default Extension="xml" ContentType="application/xml"/>` + override("workbook", "sheet.main") +
    list.join("") +
    override("sharedStrings", "sharedStrings") + override("styles", "styles") + `</Types>`;
}

function stringsXml(strings: readonly string[]): string {
  const items = strings.map((text) => `<si><t xml:space="preserve">${escape(text)}</t></si>`).join("");
  return `<sst ${main} count="${strings.length}" uniqueCount="${strings.length}">${items}</sst>`;
}

function finite(value: number): number {
  if (!Number.isFinite(value)) {
    throw new RangeError(`Cannot write workbook: a number must be finite, current value is ${value}`);
  }
  return value;
}

function escape(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  // Control characters other than tab and line ends do not exist in XML 1.0.
  // deno-lint-ignore no-control-regex
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "").replace(
    /[&<>"]/g,
    (c) => entities[c]!,
  );
}
