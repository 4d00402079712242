import { basename } from "node:path";
import { UserError } from "../../types.ts";
import type { Problem } from "../../types.ts";
import { Problems } from "../_problems.ts";
import {
  type Cell,
  cellText,
  type Column,
  findHeader,
  isBlank,
  readSheets,
  type TableLine,
} from "../_table.ts";

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
  /** The sheet to read where a workbook has several with the right header. */
  readonly sheet?: string;
  /** The subject's folder from what the table writes, or `undefined` where that is no subject. */
  readonly subject: (text: string) => string | undefined;
  /** What clips are called, and an example: a table of which most clips are called otherwise is another database's. */
  readonly clipName: { readonly pattern: RegExp; readonly example: string };
  /** The clip's name from what the table writes. @default as written */
  readonly clip?: (text: string) => string;
  /** Words for labels that mean one of the database's own (`other` for `others`). */
  readonly labels: Readonly<Record<string, string>>;
  /** The edition from what was found. */
  readonly edition: (rows: readonly TableRow[], has: (column: string) => boolean) => string | undefined;
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
  const columns: Record<string, Column> = { ...codedColumns, ...form.columns };
  const table = findHeader(file, await readSheets(file), columns, form.sheet);
  const problems = new Problems();
  const rows: TableRow[] = [];
  const seen = new Map<string, { row: TableRow; text: string }>();
  const from = `${basename(file)} row`;
  for (const line of table.lines) {
    const row = readRow(line, form, table.present, problems, from);
    if (row === undefined) continue;
    const name = `${row.subject}/${row.clip}`;
    const text = JSON.stringify({ ...row, line: 0 });
    const earlier = seen.get(name.toLowerCase());
    if (earlier === undefined) {
      seen.set(name.toLowerCase(), { row, text });
      rows.push(row);
    } else if (earlier.text === text) {
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
  if (rows.length === 0) {
    throw new UserError(`Cannot read the table ${file}: there is no clip below its header; restore its rows`);
  }
  const foreign = rows.filter((row) => !form.clipName.pattern.test(row.clip));
  if (foreign.length > rows.length / 2) {
    throw new UserError(
      `Cannot read the table ${file}: its clips (${
        foreign[0]!.clip
      }) are not named like those of ${form.title} (${form.clipName.example}); name the right table`,
    );
  }
  const edition = form.edition(rows, (column) => table.present.has(column));
  if (edition === undefined) problems.list.unshift(unknownEdition(file, form, rows));
  return {
    database: form.database,
    edition: edition ?? `unknown edition: ${countClips(rows)}`,
    rows,
    problems: problems.list,
  };
}

function readRow(
  line: TableLine<string>,
  form: TableForm,
  present: ReadonlySet<string>,
  problems: Problems,
  from: string,
): TableRow | undefined {
  const cells = line.cells as Readonly<Record<CodedKey | string, Cell>>;
  const written = text(cells["clip"]!);
  const clip = form.clip?.(written) ?? written;
  const subject = form.subject(text(cells["subject"]!));
  if (subject === undefined || clip === "" || /[\/\\\0]/.test(clip) || clip === "." || clip === "..") {
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
  for (const [column, cell] of Object.entries(cells)) {
    if (cell !== null && typeof cell === "object") {
      const remedy =
        "the table was saved again without values: take the original, or save it in a spreadsheet program";
      problems.keep(name, column, cellText(cell), remedy);
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
  const label = words === "" ? null : form.labels[words] ?? words;
  if (isBlank(cells["label"]!)) {
    problems.keep(name, "label", "blank", "the clip has no label; complete the table");
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
  if (label !== null && !Object.values(form.labels).includes(label)) {
    const known = [...new Set(Object.values(form.labels))].join(", ");
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
  return cell === null || typeof cell === "object" ? "" : String(cell).trim();
}

/** A frame's number, or `null` where the cell holds no natural number. */
function frameOf(cell: Cell): number | null {
  const digits = /^(\d{1,12})(?:\.0+)?$/.exec(text(cell))?.[1];
  return digits === undefined ? null : Number(digits);
}

/** `255 clips of 26 subjects`. */
export function countClips(rows: readonly TableRow[]): string {
  const subjects = new Set(rows.map((row) => row.subject)).size;
  return `${rows.length} clip${rows.length === 1 ? "" : "s"} of ${subjects} subject${
    subjects === 1 ? "" : "s"
  }`;
}

/** How often each label comes, most frequent first, as `disgust 63, happiness 32`. */
export function countLabels(rows: readonly { readonly label: string | null }[]): string {
  const counts = new Map<string, number>();
  for (const { label } of rows) counts.set(label ?? "blank", (counts.get(label ?? "blank") ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([label, n]) =>
    `${label} ${n}`
  ).join(", ");
}

function unknownEdition(file: string, form: TableForm, rows: readonly TableRow[]): Problem {
  return {
    clip: basename(file),
    field: "edition",
    found: `${countClips(rows)}: ${countLabels(rows)}`,
    remedy:
      `this is no edition of the table of ${form.title} that is known here; check it against the one that you were given`,
    dropped: false,
  };
}
