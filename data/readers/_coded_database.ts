import { basename, join } from "node:path";
import { type DatabaseReading, type Sample, UserError } from "../../types.ts";
import { byNumber, entries, openRoot, sameName, subjectParents } from "../_files.ts";
import { applyCorrections, readCorrections } from "../corrections.ts";
import { Problems } from "../_problems.ts";
import { clipFrames, isVideo, videoNamed } from "./_clip_frames.ts";
import type { TableReading, TableRow } from "./_coded_table.ts";
import type { DatabaseOptions } from "./options.ts";
import { noteOdd, placeFrames } from "./_place.ts";

/** What differs between databases of the layout `subject/clip/frames` with a coding table. */
export interface CodedDatabase {
  readonly name: string;
  readonly title: string;
  /** The name of a subject's folder. */
  readonly subject: RegExp;
  /** The folders of subjects to prefer where there are several, best first. */
  readonly prefer: readonly RegExp[];
  readonly labels: readonly string[];
  readonly fps: number;
  readonly findTable: (root: string) => Promise<string>;
  readonly readTable: (file: string) => Promise<TableReading>;
}

/** Reads a database whose clips are `subject/clip/frames` and whose facts are in one table. */
export async function readCodedDatabase(
  db: CodedDatabase,
  root: string,
  options: DatabaseOptions,
): Promise<DatabaseReading> {
  const path = await openRoot(root, db.title);
  const table = await correct(
    await db.readTable(options.table ?? await db.findTable(path)),
    options,
  );
  const home = await chooseFrames(db, path, options.frames);
  const problems = new Problems();
  problems.list.push(...table.problems);
  const out = new Set(table.problems.filter((problem) => problem.dropped).map((problem) => problem.clip));
  const subjects = (await entries(home)).folders;
  const samples: Sample[] = [];
  const listed = new Map<string, Set<string>>();
  for (const row of table.rows) {
    const name = `${row.subject}/${row.clip}`;
    const subjectFolder = sameName(subjects, row.subject);
    const clips = subjectFolder === undefined ? undefined : await entries(join(home, subjectFolder));
    const clipFolder = clips && (sameName(clips.folders, row.clip) ?? videoNamed(clips.files, row.clip));
    if (subjectFolder !== undefined && clipFolder !== undefined) {
      listed.set(subjectFolder, (listed.get(subjectFolder) ?? new Set()).add(clipFolder));
    }
    if (out.has(name)) continue;
    if (!hasLabel(row, db.labels, problems)) continue;
    if (clipFolder === undefined) {
      const folder = join(home, subjectFolder ?? row.subject, row.clip);
      problems.drop(
        name,
        "folder",
        "missing",
        `the table lists the clip, but ${folder} is not there; copy it from the database`,
      );
      continue;
    }
    const media = await clipFrames(join(home, subjectFolder!, clipFolder), name, problems);
    if (media === undefined) continue;
    noteOdd(name, media.odd, problems);
    const placed = placeFrames(name, row, media.frames, problems, media.source);
    if (placed === undefined) continue;
    samples.push({
      database: db.name,
      subject: row.subject,
      clip: row.clip,
      label: row.label,
      ...placed,
      fps: db.fps,
    });
  }
  for (const subject of subjects.filter((folder) => db.subject.test(folder))) {
    const { folders, files } = await entries(join(home, subject));
    const videos = files.filter((file) => isVideo(file) && !folders.some((name) => videoNamed([file], name)));
    for (const clip of [...folders, ...videos]) {
      if (listed.get(subject)?.has(clip)) continue;
      problems.drop(
        `${subject}/${clip}`,
        "row",
        "none",
        `the ${
          isVideo(clip) ? "video" : "folder"
        } is there, but the table does not list the clip: it is not read`,
      );
    }
  }
  return {
    database: db.name,
    edition: table.edition,
    samples: sortSamples(samples),
    problems: problems.list,
  };
}

/** Applies the user's corrections, or the package's; those must match only in a known edition, and not where a database is only checked. */
export async function correct(
  table: TableReading,
  { corrections, lenient = false }: Pick<DatabaseOptions, "corrections" | "lenient">,
): Promise<TableReading> {
  if (corrections === false) return table;
  if (corrections !== undefined) {
    const named = await readCorrections(corrections), applied = applyCorrections(table, named);
    const rows = new Set(table.rows.map(({ subject, clip }) => `${subject}/${clip}`));
    const remedy = "the correction is not applied, since the table lists no such clip; check its name";
    const lost = named.filter(({ clip }) => !rows.has(clip)).map(({ clip, field, to }) => (
      { clip, field, found: `corrected to ${to}`, remedy, dropped: false }
    ));
    return { ...applied, problems: [...applied.problems, ...lost] };
  }
  if (!["casme2", "samm", "smic"].includes(table.database)) return table; // no correction of the others is reviewed
  const own = new URL(`../corrections/${table.database}.csv`, import.meta.url);
  return applyCorrections(table, await readCorrections(own), {
    strict: !lenient && !table.edition.startsWith("unknown"),
  });
}

async function chooseFrames(db: CodedDatabase, root: string, wanted: string | undefined): Promise<string> {
  const parents = await subjectParents(root, db.subject);
  if (wanted !== undefined) {
    const named = parents.filter((parent) => basename(parent).toLowerCase() === wanted.toLowerCase());
    if (named.length === 1) return named[0]!;
    throw new UserError(
      `Cannot read ${db.title} in ${root}: ${
        named.length === 0 ? "no folder" : "more than one folder"
      } named ${wanted} holds subjects; ` +
        `${parents.length === 0 ? "none does" : `those that do are ${parents.join(", ")}`}`,
    );
  }
  if (parents.length === 1) return parents[0]!;
  for (const pattern of db.prefer) {
    const matching = parents.filter((parent) => pattern.test(basename(parent)));
    if (matching.length === 1) return matching[0]!;
  }
  throw new UserError(
    parents.length === 0
      ? `Cannot read ${db.title} in ${root}: no folder of a subject was found; give the folder that the database was unpacked in`
      : `Cannot read ${db.title} in ${root}: subjects are in several folders (${
        parents.map((parent) => basename(parent)).join(", ")
      }); name the one to read`,
  );
}

/** Samples by subject, then clip, numbers by value. */
export function sortSamples(samples: readonly Sample[]): Sample[] {
  return [...samples].sort((a, b) => byNumber(a.subject, b.subject) || byNumber(a.clip, b.clip));
}

/** Whether a row has a label of the database; if not, its clip is left out. */
export function hasLabel<R extends Pick<TableRow, "subject" | "clip" | "label">>(
  row: R,
  labels: readonly string[],
  problems: Problems,
): row is R & { readonly label: string } {
  if (row.label !== null && labels.includes(row.label)) return true;
  const remedy = "the clip is left out; correct the table or add a correction";
  problems.drop(`${row.subject}/${row.clip}`, "label", row.label ?? "blank", remedy);
  return false;
}
