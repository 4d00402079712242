import { basename } from "node:path";
import { UserError } from "../../types.ts";
import type { Problem } from "../../types.ts";
import { Problems } from "../_problems.ts";
import {
  type Cell,
  cellText,
  cleanText,
  type Column,
  findHeader,
  isBlank,
  readSheets,
  type SheetChoice,
  type TableLine,
} from "../_table.ts";
import { editionOf } from "./_edition.ts";
import type { EditionForm } from "./_edition.ts";
import { whoseTable } from "./_whose_table.ts";

/** A row of a coding table as it stands: nothing is corrected, what cannot be read is `null` and has a problem. */
export interface TableRow {
  /** The row's number in the table, as a spreadsheet program counts. */
  readonly line: number;
  /** The subject by its folder's name (`sub01`, `006`, `s1`). */
  readonly subject: string;
  /** The clip's name. */
  readonly clip: string;
  /** The number of the onset frame, as frames are numbered on disk. */
  readonly onset: number | null;
  /** The number of the apex frame; `null` too where the database codes none. */
  readonly apex: number | null;
  /** The number of the offset frame. */
  readonly offset: number | null;
  /** The label in the table's own words, lower case; `null` where the cell is blank or lost. */
  readonly label: string | null;
  /** The action units as the table writes them, trimmed. */
  readonly actionUnits: string;
}

/** What a coding table says, apart from any frames. */
export interface TableReading {
  /** Short name of the database. */
  readonly database: string;
  /** The edition of the table, in words. */
  readonly edition: string;
  /** Every row that names a clip, in table order; of a clip that comes twice, the first. */
  readonly rows: readonly TableRow[];
  /** Everything odd, in table order. */
  readonly problems: readonly Problem[];
}

/** The columns that the coding tables share. */
export const codedColumns = {
  subject: { headers: ["Subject", "Subjects", "Subject ID", "Sub"], required: true },
  clip: { headers: ["Filename", "File name", "Clip"], required: true },
  onset: { headers: ["OnsetFrame", "Onset", "OnsetF"], required: true },
  apex: { headers: ["ApexFrame", "Apex", "ApexF"], required: false },
  offset: { headers: ["OffsetFrame", "Offset", "OffsetF"], required: true },
  label: { headers: ["Estimated Emotion", "Emotion"], required: true },
  actionUnits: { headers: ["Action Units", "Action Unit", "AU", "AUs"], required: false },
} satisfies Record<string, Column>;

type CodedKey = keyof typeof codedColumns;

/** What differs between the coding tables. */
export interface TableForm {
  readonly database: string;
  /** The database in words. */
  readonly title: string;
  /** Further columns, or other headers for the shared ones. */
  readonly columns: Readonly<Record<string, Column>>;
  /** Columns that every genuine copy has, though nothing is refused without them. */
  readonly usual: readonly string[];
  /** The sheet to read where a workbook has several with the right header. */
  readonly sheet?: SheetChoice;
  /** The subject's folder from what the table writes, or `undefined` where that is no subject. */
  readonly subject: (text: string) => string | undefined;
  /** What clips are called, and an example: a table of which most clips are called otherwise is another database's. */
  readonly clipName: { readonly pattern: RegExp; readonly example: string };
  /** The clip's name from what the table writes. @default as written */
  readonly clip?: (text: string, cells: Readonly<Record<string, Cell>>) => string;
  /** Words for labels that mean one of the database's own: `other` for `others`. */
  readonly synonyms: Readonly<Record<string, string>>;
  /** What tells the editions apart; `has` tells which columns there are. */
  readonly edition: (has: (column: string) => boolean) => Omit<EditionForm, "database" | "labels">;
  /** The labels, in an order that never changes. */
  readonly labelNames: readonly string[];
  /** Why a row is no clip of the database though it has all that a clip has (a macro-expression among micro-expressions). */
  readonly exclude?: (
    cells: Readonly<Record<string, Cell>>,
  ) => { readonly field: string; readonly remedy: string } | undefined;
  /** Further signs, by the field of their problems, that columns are moved where they hold for most rows. */
  readonly telling?: readonly string[];
  /** Checks of one row beyond the shared ones. */
  readonly check?: (
    row: TableRow,
    cells: Readonly<Record<string, Cell>>,
    problems: Problems,
    name: string,
  ) => void;
}

/** Reads a coding table of a known form. */
export async function readCodedTable(file: string, form: TableForm): Promise<TableReading> {
  const sheets = await readSheets(file);
  const hint = () => whoseTable(sheets, form.database);
  const columns: Record<string, Column> = { ...codedColumns, ...form.columns };
  const table = withHint(hint, () => findHeader(file, sheets, columns, form.sheet));
  const problems = new Problems();
  noteColumns(basename(file), form, columns, table, problems);
  const rows: TableRow[] = [];
  const seen = new Map<string, { row: TableRow; text: string }>();
  const from = `${basename(file)} row`;
  for (const line of table.lines) {
    const row = readRow(line, form, table.present, problems, from);
    if (row === undefined) continue;
    const key = `${row.subject}/${row.clip}`.toLowerCase();
    const text = JSON.stringify({ ...row, clip: row.clip.toLowerCase(), line: 0 });
    const earlier = seen.get(key);
    if (earlier === undefined) {
      seen.set(key, { row, text });
      rows.push(row);
      continue;
    }
    // By the first row's name, which is the one that is read or left out.
    const name = `${earlier.row.subject}/${earlier.row.clip}`;
    if (earlier.text === text) {
      problems.keep(
        name,
        "row",
        `row ${line.line} repeats row ${earlier.row.line}`,
        "the repeated row is not counted",
      );
    } else {
      problems.drop(
        name,
        "row",
        `rows ${earlier.row.line} and ${line.line} differ`,
        "the clip is left out until one of the two rows is removed from the table",
      );
    }
  }
  withHint(hint, () => refuseOthers(file, form, table.lines, rows, problems.list));
  const { among, possible, guess } = form.edition((column) => table.present.has(column));
  const edition = editionOf(
    {
      database: form.database,
      labels: form.labelNames,
      possible,
      ...(among === undefined ? {} : { among }),
      ...(guess === undefined ? {} : { guess }),
    },
    basename(file),
    rows,
    problems.list,
    table.present.has("actionUnits"),
  );
  return {
    database: form.database,
    edition: edition.edition,
    rows,
    problems: [
      ...edition.problems.filter(({ field }) => field === "edition"),
      ...problems.list,
      ...edition.problems.filter(({ field }) => field !== "edition"),
    ],
  };
}

/** A refusal says whose table it looks like, where it looks like another's. */
function withHint<T>(hint: () => string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof UserError) error.message += hint();
    throw error;
  }
}

/** Columns that are missing or nearly there: what is read without them is told. */
function noteColumns(
  table: string,
  form: TableForm,
  columns: Readonly<Record<string, Column>>,
  { present, misspelt }: {
    readonly present: ReadonlySet<string>;
    readonly misspelt: ReadonlyMap<string, string>;
  },
  problems: Problems,
): void {
  for (const [key, { headers: [name] }] of Object.entries(columns)) {
    if (present.has(key)) continue;
    const typo = misspelt.get(key);
    if (typo !== undefined) {
      problems.keep(
        table,
        "columns",
        typo,
        `it may be meant as ${name}, but is not read: correct the header`,
      );
    } else if (form.usual.includes(key)) {
      problems.keep(table, "columns", `no ${name}`, "the copy lost this column; clips are read without it");
    }
  }
}

/** Refuses a table of which most rows are no clips of this database as they stand: another's, or one with its columns moved. */
function refuseOthers(
  file: string,
  form: TableForm,
  lines: readonly TableLine<string>[],
  rows: readonly TableRow[],
  problems: readonly Problem[],
): void {
  const refuse = (what: string) => {
    throw new UserError(
      `Cannot read the table ${file}: ${what}; its columns were moved under wrong headers, or it is another table: take the original`,
    );
  };
  const most = (count: number, of: number) => count > of / 2;
  if (lines.length === 0) {
    throw new UserError(`Cannot read the table ${file}: there is no clip below its header; restore its rows`);
  }
  const example = (key: string, is: (line: TableLine<string>) => boolean) => {
    const line = lines.find(is)!;
    return `${cellText(line.cells[key]!)} in row ${line.line}`;
  };
  const noSubject = (line: TableLine<string>) => form.subject(text(line.cells["subject"]!)) === undefined;
  const without = lines.filter(noSubject).length;
  if (rows.length === 0 || (lines.length >= fewRows && most(without, lines.length))) {
    const [column, is] = without > 0
      ? ["subject", noSubject] as const
      : ["clip", (line: TableLine<string>) => rows.every((row) => row.line !== line.line)] as const;
    refuse(
      `in ${without > 0 ? without : lines.length} of ${lines.length} rows the column ${
        codedColumns[column].headers[0]
      } names no ${column === "subject" ? "subject" : "clip"} of ${form.title} (${example(column, is)})`,
    );
  }
  const foreign = rows.filter((row) => !form.clipName.pattern.test(row.clip));
  if (most(foreign.length, rows.length)) {
    throw new UserError(
      `Cannot read the table ${file}: its clips (${
        foreign[0]!.clip
      }) are not named like those of ${form.title} (${form.clipName.example}); name the right table`,
    );
  }
  if (rows.length < fewRows) return; // few enough to be told one by one
  const inRows = new Set(rows.map((row) => row.line));
  const read = lines.filter((line) => inRows.has(line.line));
  for (const key of ["onset", "offset", "apex"] as const) {
    const isNone = ({ cells }: TableLine<string>) => {
      const cell = cells[key]!;
      // An apex may be blank or "/"; a formula that lost its value is told as such.
      if (typeof cell === "object" && cell !== null && cell.unreadable.startsWith("the formula")) {
        return false;
      }
      return frameOf(cell) === null && !(key === "apex" && (isBlank(cell) || cell === "/"));
    };
    const none = read.filter(isNone).length;
    if (most(none, read.length)) {
      const name = (form.columns[key] ?? codedColumns[key]).headers[0];
      const isDate = ({ cells }: TableLine<string>) => cellText(cells[key]!).startsWith("a date");
      if (most(read.filter(isDate).length, read.length)) {
        throw new UserError(
          `Cannot read the table ${file}: the column ${name} is formatted as dates; take the original, or format the column as numbers`,
        );
      }
      refuse(
        `in ${none} of ${read.length} rows the column ${name} holds no frame number (${
          example(key, (line) => inRows.has(line.line) && isNone(line))
        })`,
      );
    }
  }
  for (const key of ["onset", "apex", "offset"] as const) {
    // No table writes a frame as 01, but subjects.
    const isPadded = ({ cells }: TableLine<string>) => /^0\d/.test(text(cells[key]!));
    const padded = read.filter(isPadded).length;
    if (padded > read.length / 10) {
      refuse(
        `in ${padded} of ${read.length} rows the column ${
          (form.columns[key] ?? codedColumns[key]).headers[0]
        } holds no frame number (${example(key, (line) => inRows.has(line.line) && isPadded(line))})`,
      );
    }
  }
  const reversed = rows.filter(({ onset, offset }) => onset !== null && offset !== null && onset >= offset);
  if (most(reversed.length, rows.length)) {
    const { line, onset, offset } = reversed[0]!;
    refuse(
      `in ${reversed.length} of ${rows.length} rows the onset is not before the offset (${onset} and ${offset} in row ${line})`,
    );
  }
  const outside = rows.filter(({ onset, apex, offset }) =>
    onset !== null && apex !== null && offset !== null && (apex < onset || apex > offset)
  );
  if (most(outside.length, rows.length)) {
    const { line, onset, apex, offset } = outside[0]!;
    refuse(
      `in ${outside.length} of ${rows.length} rows the apex lies outside its clip (${apex}, but ${onset} to ${offset} in row ${line})`,
    );
  }
  const long = rows.filter(({ onset, offset }) =>
    onset !== null && offset !== null && offset - onset > longestClip
  );
  if (most(long.length, rows.length)) {
    const { line, onset, offset } = long[0]!;
    refuse(
      `in ${long.length} of ${rows.length} rows the clip is longer than any micro-expression (${onset} to ${offset} in row ${line})`,
    );
  }
  const strange = rows.filter(({ label }) => label !== null && !form.labelNames.includes(label));
  if (most(strange.length, rows.length)) {
    refuse(
      `in ${strange.length} of ${rows.length} rows the label is none of ${form.labelNames.join(", ")} (${
        strange[0]!.label
      } in row ${strange[0]!.line})`,
    );
  }
  for (const field of form.telling ?? []) {
    const told = problems.filter((problem) =>
      problem.field === field && !problem.found.startsWith("the formula =")
    );
    if (most(new Set(told.map(({ clip }) => clip)).size, rows.length)) {
      refuse(
        `in ${told.length} of ${rows.length} rows ${field} does not fit the other columns (${
          told[0]!.clip
        }: ${told[0]!.found})`,
      );
    }
  }
}

/** Two seconds at 200 frames a second: four times as long as a micro-expression may last. */
const longestClip = 400;

/** Below this many rows, strange ones are told one by one instead of refusing the table. */
const fewRows = 8;

function readRow(
  line: TableLine<string>,
  form: TableForm,
  present: ReadonlySet<string>,
  problems: Problems,
  from: string,
): TableRow | undefined {
  const cells = line.cells as Readonly<Record<CodedKey | string, Cell>>;
  const written = text(cells["clip"]!);
  const clip = written === "" ? "" : form.clip?.(written, cells) ?? written;
  const subject = form.subject(text(cells["subject"]!));
  // As of a sum below the table: a subject, a number, and nothing of a clip.
  const isSum = !form.clipName.pattern.test(clip) &&
    (["onset", "apex", "offset", "label"] as const).every((key) => isBlank(cells[key]!));
  if (
    subject === undefined || clip === "" || isSum || /[\/\\\0]/.test(clip) || clip === "." || clip === ".."
  ) {
    // A line of notes below the table has neither; it is still reported, since it may be a clip that lost its name.
    const field = subject === undefined ? "subject" : "clip";
    problems.drop(
      `${from} ${line.line}`,
      field,
      cellText(cells[field]!),
      "the row names no clip; complete it or remove it",
    );
    return undefined;
  }
  const name = `${subject}/${clip}`;
  const excluded = form.exclude?.(cells);
  if (excluded !== undefined) {
    problems.drop(
      `${name}, ${from} ${line.line}`,
      excluded.field,
      cellText(cells[excluded.field]!),
      excluded.remedy,
    );
    return undefined;
  }
  for (const [column, cell] of Object.entries(cells)) {
    if (cell !== null && typeof cell === "object") {
      problems.keep(name, column, cell.unreadable, remedyFor(cell.unreadable));
    }
  }
  const frame = (key: "onset" | "apex" | "offset") => {
    const number = frameOf(cells[key]!);
    const isLost = cells[key] !== null && typeof cells[key] === "object"; // reported already
    if (number === null && present.has(key) && !isLost) {
      const remedy = key === "apex"
        ? "no apex is coded: the midpoint of onset and offset is taken"
        : "the clip cannot be placed in time and is left out where its frames are needed; correct the table";
      problems.keep(name, key, cellText(cells[key]!), remedy);
    }
    return number;
  };
  const [onset, apex, offset] = [frame("onset"), frame("apex"), frame("offset")];
  const words = text(cells["label"]!).toLowerCase();
  const label = words === "" ? null : Object.hasOwn(form.synonyms, words) ? form.synonyms[words]! : words;
  if (isBlank(cells["label"]!)) {
    problems.keep(name, "label", "blank", "the clip has no label and is left out; complete the table");
  }
  const row = {
    line: line.line,
    subject,
    clip,
    onset,
    apex,
    offset,
    label,
    actionUnits: text(cells["actionUnits"]!),
  };
  checkRow(row, form, problems, name);
  form.check?.(row, cells, problems, name);
  return row;
}

function remedyFor(unreadable: string): string {
  if (unreadable.startsWith("the formula")) {
    return "the table was saved again without values: take the original, or save it in a spreadsheet program";
  }
  return unreadable.startsWith("a date")
    ? "a spreadsheet program made a date of it: take the original, or format the column as numbers"
    : "nothing can be read from it: take the original";
}

function checkRow(row: TableRow, form: TableForm, problems: Problems, name: string): void {
  const { onset, apex, offset, label } = row;
  if (onset !== null && offset !== null && onset >= offset) {
    problems.keep(
      name,
      "offset",
      `onset ${onset}, offset ${offset}`,
      "the offset must come after the onset; correct the table",
    );
  } else if (onset !== null && offset !== null && apex !== null) {
    if (apex < onset || apex > offset) {
      const remedy =
        "the apex lies outside its clip: the midpoint of onset and offset is taken unless a correction says more";
      problems.keep(name, "apex", `apex ${apex}, onset ${onset}, offset ${offset}`, remedy);
    } else if (apex === onset || apex === offset) {
      const remedy = `the apex equals the ${
        apex === onset ? "onset: there is no motion up to it" : "offset"
      }; kept as coded`;
      problems.keep(name, "apex", `apex ${apex}, onset ${onset}, offset ${offset}`, remedy);
    }
  }
  if (label !== null && !form.labelNames.includes(label)) {
    const known = form.labelNames.join(", ");
    problems.keep(
      name,
      "label",
      label,
      `not a label of ${form.title} (${known}): the clip is left out; correct the table`,
    );
  }
  if (!form.clipName.pattern.test(row.clip)) {
    const remedy = `not named like a clip of ${form.title} (${form.clipName.example}); check the table`;
    problems.keep(name, "clip", row.clip, remedy);
  }
  if (row.actionUnits === "?") {
    problems.keep(
      name,
      "action units",
      "?",
      "the coders could not tell the action units; the label is used as it stands",
    );
  }
}

function text(cell: Cell): string {
  return cell === null || typeof cell === "object" ? "" : cleanText(String(cell));
}

/** A frame's number, or `null` where the cell holds no natural number. Three zeros behind a point may be thousands. */
function frameOf(cell: Cell): number | null {
  const digits = /^(\d{1,12})(?:\.0+)?$/.exec(text(cell).replace(/\.000$/, " thousand"))?.[1];
  return digits === undefined ? null : Number(digits);
}
