import type { Problem } from "../../types.ts";
import { countClipsOf, countDeviations, nearestSet, type PublishedSet, publishedSets } from "../published.ts";
import { type Difference, sealDifferences, type SealedRow } from "../_seal.ts";
import { seals } from "../_seals.ts";
import type { TableRow } from "./_coded_table.ts";

/** What the editions of a database's table need to be told apart. */
export interface EditionForm {
  readonly database: string;
  /** The database's labels, in an order that does not change: seals count on it. */
  readonly labels: readonly string[];
  /** The editions that come into question; all published ones where it says nothing. */
  readonly among?: (set: PublishedSet) => boolean;
  /** Names, `subject/clip`, that a genuine table may hold. */
  readonly possible: () => Iterable<string>;
  /** An edition by other signs than its counts. */
  readonly guess?: (rows: readonly TableRow[]) => string | undefined;
}

/** The edition in words, and what there is to say about it. */
export interface Edition {
  readonly edition: string;
  readonly problems: readonly Problem[];
}

/**
 * Which edition a table is. Equal counts name it; the seal of a genuine table confirms it, or names each row that was changed, added or removed
 * where these are few. Anything else is an unknown edition, with where it departs from the nearest published one.
 */
export function editionOf(
  form: EditionForm,
  table: string,
  rows: readonly TableRow[],
  problems: readonly Problem[],
  hasUnits: boolean,
): Edition {
  const counts = countClipsOf(rows);
  const words = `${counts.clips} clip${counts.clips === 1 ? "" : "s"} of ${counts.subjects} subject${
    counts.subjects === 1 ? "" : "s"
  }`;
  const sets = publishedSets.filter((set) => set.database === form.database && (form.among?.(set) ?? true));
  const equal = sets.find((set) => Object.keys(set.labels).length > 0 && countDeviations(counts, set) === "");
  if (equal !== undefined && seals[equal.title] === undefined) {
    return { edition: `${equal.title}: ${words}`, problems: [] };
  }
  const sealed = sealedRows(rows, form.labels);
  for (const set of sets) {
    const seal = seals[set.title];
    if (seal === undefined || Math.abs(set.clips - rows.length) > 11 || (equal ?? set) !== set) continue;
    const differences = sealDifferences(seal, sealed, form.possible);
    if (differences === undefined) continue;
    const units = hasUnits ? unitDepartures(form, table, set.title, rows) : [];
    if (differences.length === 0) return { edition: `${set.title}: ${words}`, problems: units };
    const changed = differences.length === 1 ? "1 row" : `${differences.length} rows`;
    return {
      edition: `${set.title}, changed in ${changed}: ${words}`,
      problems: [
        ...differences.flatMap((difference) => departures(difference, form, set.title, rows, problems)),
        ...units,
      ],
    };
  }
  const lost = problems.filter((problem) => problem.found.startsWith("the formula =")).length;
  if (equal !== undefined && lost > 0) {
    return { edition: `${equal.title} without the values of ${lost} formulas: ${words}`, problems: [] };
  }
  const guess = form.guess?.(rows);
  const near = sets.find(({ title }) => title === guess) ?? equal ??
    nearestSet(form.database, counts, form.among);
  const deviations = near === undefined ? "" : countDeviations(counts, near);
  if (guess !== undefined && deviations === "") return { edition: `${guess}: ${words}`, problems: [] };
  const part = guess === undefined ? partOf(sets, form, rows) : undefined;
  const problem: Problem = {
    clip: table,
    field: "edition",
    found: `${words}: ${Object.entries(counts.labels).map(([label, n]) => `${label} ${n}`).join(", ")}`,
    remedy: part !== undefined
      ? `${part}: ${deviations === "" ? "" : `${deviations}; `}compare it with the table that you were given`
      : near === undefined
      ? "no edition of this table is known here; check it against the one that you were given"
      : deviations === ""
      ? `the counts are those of ${near.title}, but many rows are not: compare it with the table that you were given`
      : `${
        guess === undefined ? "no edition that is known here; " : ""
      }compared with ${near.title}: ${deviations}; check it against the table that you were given`,
    dropped: false,
  };
  return {
    edition: guess === undefined ? `unknown edition: ${words}` : `${guess}: ${words}`,
    problems: [problem],
  };
}

/** What a table that is no genuine one has in common with one: the frames of its clips. */
function partOf(
  sets: readonly PublishedSet[],
  form: EditionForm,
  rows: readonly TableRow[],
): string | undefined {
  const set = sets.find(({ title }) => {
    const seal = seals[partTitle(title, "frames")];
    return seal !== undefined && sealDifferences(seal, sealedFrames(rows), form.possible) !== undefined;
  });
  return set && `onset, apex and offset are those of ${set.title}, but many labels are not`;
}

/** The name of the seal of a part of an edition. */
export function partTitle(title: string, part: "frames" | "action units"): string {
  return `${title}, ${part}`;
}

/** The clips and their frames, whatever their labels. */
export function sealedFrames(rows: readonly TableRow[]): SealedRow[] {
  return rows.map((row) => ({ name: nameOf(row), content: contentOf({ ...row, label: null }, []) }));
}

function departures(
  { name, sealed }: Difference,
  form: EditionForm,
  title: string,
  rows: readonly TableRow[],
  problems: readonly Problem[],
): Problem[] {
  const row = rows.find((row) => nameOf(row) === name);
  const say = (field: string, found: string, remedy: string): Problem => ({
    clip: name,
    field,
    found,
    remedy,
    dropped: false,
  });
  if (row === undefined) {
    return [say("row", "none", `the table of ${title} has a row of this clip: restore it from the original`)];
  }
  if (sealed === 0n) {
    return [
      say("row", `row ${row.line}`, `the table of ${title} has no such clip: check where the row comes from`),
    ];
  }
  const genuine = unpack(sealed, form.labels), here = unpack(contentOf(row, form.labels), form.labels);
  const fields = ["onset", "apex", "offset", "label"] as const;
  return fields.flatMap((field): Problem[] => {
    if (genuine[field] === here[field]) return [];
    const lost = problems.find((problem) =>
      problem.clip === name && problem.field === field && row[field] === null
    );
    return [say(
      field,
      lost?.found ?? String(row[field] ?? "blank"),
      `the table of ${title} has ${
        genuine[field] ?? "nothing"
      } here: restore it, or keep it if you know better`,
    )];
  });
}

/** Rows of which only the action units were changed, as far as they can be told. */
function unitDepartures(
  form: EditionForm,
  table: string,
  title: string,
  rows: readonly TableRow[],
): Problem[] {
  const seal = seals[partTitle(title, "action units")];
  const differences = seal && sealDifferences(seal, sealedUnits(rows), form.possible);
  const field = "action units";
  if (differences === undefined) {
    const found = "other than the genuine ones in many rows";
    return seal === undefined ? [] : [{
      clip: table,
      field,
      found,
      remedy: `compare the column with the table of ${title}`,
      dropped: false,
    }];
  }
  return differences.flatMap(({ name, sealed }): Problem[] => {
    const row = rows.find((row) => nameOf(row) === name);
    if (row === undefined || sealed === 0n) return []; // told as a missing or an added row
    const remedy = `the table of ${title} has something else here: restore it, or keep it if you know better`;
    return [{ clip: name, field, found: row.actionUnits || "blank", remedy, dropped: false }];
  });
}

const nameOf = (row: TableRow) => `${row.subject}/${row.clip}`;

/** The content of a row as one number: three frame numbers of 30 bits and 6 bits for the label. */
function contentOf(row: TableRow, labels: readonly string[]): bigint {
  const frame = (number: number | null) => BigInt(number === null ? 0 : Math.min(number, 2 ** 30 - 2) + 1);
  const label = BigInt(row.label === null ? 0 : labels.indexOf(row.label) + 1 || 63);
  return (((frame(row.onset) << 30n | frame(row.apex)) << 30n | frame(row.offset)) << 6n | label) + 1n;
}

function unpack(content: bigint, labels: readonly string[]) {
  let rest = content - 1n;
  const take = (bits: bigint) => {
    const value = Number(rest & (1n << bits) - 1n);
    rest >>= bits;
    return value;
  };
  const frame = () => {
    const value = take(30n);
    return value === 0 ? null : String(value - 1);
  };
  const label = take(6n), offset = frame(), apex = frame(), onset = frame();
  return { onset, apex, offset, label: label === 0 ? null : labels[label - 1] ?? "another label" };
}

/** The rows of a table as its seal sees them. */
export function sealedRows(rows: readonly TableRow[], labels: readonly string[]): SealedRow[] {
  return rows.map((row) => ({ name: nameOf(row), content: contentOf(row, labels) }));
}

/** The action units of a table as their seal sees them: 48 bits of FNV-1a, started twice. */
export function sealedUnits(rows: readonly TableRow[]): SealedRow[] {
  const hash = (text: string, start: number) => {
    let value = start;
    for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
    return BigInt(value >>> 8);
  };
  return rows.map((row) => ({
    name: nameOf(row),
    content: (hash(row.actionUnits, 0x811c9dc5) << 24n | hash(row.actionUnits, 0x9e3779b9)) + 1n,
  }));
}
