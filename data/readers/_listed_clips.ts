import { basename, dirname, join } from "node:path";
import { type DatabaseReading, type Sample, UserError } from "../../types.ts";
import { entries, findTable, listFrames, openRoot } from "../_files.ts";
import { Problems } from "../_problems.ts";
import { correct, hasLabel, sortSamples } from "./_coded_database.ts";
import type { TableReading, TableRow } from "./_coded_table.ts";
import type { DatabaseOptions } from "./options.ts";
import { noteOdd, placeFrames } from "./_place.ts";

/** What differs between databases whose table lists clips that lie in folders of their own, wherever these are. */
export interface ListedDatabase {
  readonly name: string;
  readonly title: string;
  readonly labels: readonly string[];
  readonly fps: number;
  /** The table's name, and an example. */
  readonly table: { readonly pattern: RegExp; readonly example: string };
  readonly readTable: (file: string) => Promise<TableReading>;
  /** The clip that a folder holds, by its path below the root, lower case; `undefined` for a folder of something else. */
  readonly clipIn: (path: string) => string | undefined;
  /** How a row's clip may be called by `clipIn`, best first. */
  readonly folderNames: (row: TableRow) => readonly string[];
  /** A folder with clips, for messages. */
  readonly folderExample: string;
  /** The label that a clip's folder tells, or `undefined`. */
  readonly labelOf?: (folder: string) => string | undefined;
}

/** Reads such a database. */
export async function readListedClips(
  db: ListedDatabase,
  root: string,
  options: DatabaseOptions,
): Promise<DatabaseReading> {
  const path = await openRoot(root, db.title);
  const find = () =>
    findTable(
      path,
      db.title,
      db.table.pattern,
      db.table.example,
      (name) => db.clipIn(name.toLowerCase()) !== undefined,
    );
  const table = await correct(await db.readTable(options.table ?? await find()), options);
  const folders = await clipFolders(db, path, options.frames);
  const problems = new Problems();
  problems.list.push(...table.problems);
  const out = new Set(table.problems.filter(({ dropped }) => dropped).map(({ clip }) => clip));
  const samples: Sample[] = [], used = new Set<string>();
  for (const row of table.rows) {
    const name = `${row.subject}/${row.clip}`;
    const key = db.folderNames(row).map((name) => name.toLowerCase()).find((name) => folders.has(name));
    if (key !== undefined) used.add(key);
    if (out.has(name)) continue;
    if (!hasLabel(row, db.labels, problems)) continue;
    if (key === undefined) {
      const remedy =
        `the table lists the clip, but no folder like ${db.folderExample} is there; copy it from the database`;
      problems.drop(name, "folder", "missing", remedy);
      continue;
    }
    const folder = folders.get(key)!, told = db.labelOf?.(folder);
    if (told !== undefined && told !== row.label) {
      problems.keep(
        name,
        "label",
        `folder ${told}, table ${row.label}`,
        "the table's label is taken; check which is right",
      );
    }
    const { frames, odd } = await listFrames(folder);
    noteOdd(name, odd, problems);
    const placed = placeFrames(name, row, frames, problems);
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
  for (const [key, folder] of folders) {
    if (used.has(key)) continue;
    const remedy = "the folder is there, but the table does not list the clip: it is not read";
    problems.drop(`${basename(dirname(folder))}/${basename(folder)}`, "row", "none", remedy);
  }
  return {
    database: db.name,
    edition: table.edition,
    samples: sortSamples(samples),
    problems: problems.list,
  };
}

/** The clips' folders below the root by what `clipIn` calls them. */
async function clipFolders(
  db: ListedDatabase,
  root: string,
  wanted: string | undefined,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const visit = async (folder: string, depth: number): Promise<void> => {
    for (const name of (await entries(folder)).folders) {
      const path = join(folder, name),
        below = path.slice(root.length + 1).replaceAll("\\", "/").toLowerCase();
      const clip = db.clipIn(below);
      const isWanted = wanted === undefined || below.split("/").includes(wanted.toLowerCase());
      if (clip !== undefined && isWanted) {
        const other = found.get(clip);
        if (other !== undefined) {
          throw new UserError(
            `Cannot read ${db.title} in ${root}: ${other} and ${path} are the same clip; name the kind of frames to read`,
          );
        }
        found.set(clip, path);
      } else if (depth > 0) await visit(path, depth - 1);
    }
  };
  await visit(root, 5);
  if (found.size === 0) {
    throw new UserError(
      `Cannot read ${db.title} in ${root}: no clip's folder (${db.folderExample}) was found; give the folder that the database was unpacked in`,
    );
  }
  return found;
}
