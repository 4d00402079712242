import { basename, dirname, extname, join } from "node:path";
import { type DatabaseReading, type Problem, type Sample, UserError } from "../../types.ts";
import { entries, findTable, foldersBelow, openRoot, refuseOtherKinds } from "../_files.ts";
import { smicNames } from "../_possible_names.ts";
import { Problems } from "../_problems.ts";
import { type ClipFrames, clipFrames, isVideo } from "./_clip_frames.ts";
import { correct, sortSamples } from "./_coded_database.ts";
import { codedColumns, readCodedTable, type TableReading, type TableRow } from "./_coded_table.ts";
import { type Cell, cleanText, isBlank, readSheets } from "../_table.ts";
import { sealDifferences } from "../_seal.ts";
import { seals } from "../_seals.ts";
import { sealedRows } from "./_edition.ts";
import { labelNames } from "./_labels.ts";
import type { DatabaseOptions } from "./options.ts";
import { noteGaps, noteOdd, type Placed, placeFrames } from "./_place.ts";

const labels: readonly string[] = labelNames.smic;
const clipName = /^s0*(\d+)_(ne|po|sur)_0*(\d+)$/i;
const cameras = ["HS", "VIS", "NIR"] as const;
const wordOf: Record<string, string> = { ne: "negative", po: "positive", sur: "surprise" };

/**
 * Reads SMIC (Li et al. 2013), camera HS (100 frames a second) unless told otherwise: cropped clips
 * `SMIC_all_cropped/HS/s1/micro/negative/s1_ne_01/*.bmp` or long ones `HS_long/SMIC_HS_E/s20/s20_ne_01/image17581039.jpg`.
 *
 * A cropped clip's folder holds the micro-expression and nothing else: its first and last frames are onset and offset, and
 * the table (`SMIC-HS-E_annotation.xlsx`, or csv) is only compared; without a table it is read too. A long clip needs its row of the table.
 * SMIC codes no apex: it is the midpoint of onset and offset (`apexOrigin: "midpoint"`). The label is what two of folder, clip name
 * and table agree on; a disagreement is reported, and a tie leaves the clip out. Subjects are `s1`, clips `s1_ne_01`.
 *
 * @param root The folder that holds the frames, and the table if there is one.
 * @param options
 * @throws {UserError} if the folder or every clip is missing, the table cannot be read, or a correction does not match.
 *
 * @example
 * ```ts
 * import { readSmic } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const root = await Deno.makeTempDir();
 * const clip = `${root}/SMIC_all_cropped/HS/s1/micro/negative/s1_ne_01`;
 * await Deno.mkdir(clip, { recursive: true });
 * for (const n of [120, 121, 122]) await Deno.writeTextFile(`${clip}/reg_image${n}.bmp`, "");
 * const { samples } = await readSmic(root); // cropped clips need no table
 * assertEquals(samples.map(({ subject, clip, label, apex }) => [subject, clip, label, apex]), [["s1", "s1_ne_01", "negative", 1]]);
 * ```
 */
export async function readSmic(root: string, options: DatabaseOptions = {}): Promise<DatabaseReading> {
  const { camera = "HS" } = options;
  const path = await openRoot(root, "SMIC");
  const { table, note } = await tableIn(path, options, camera);
  const clips = await chooseClips(path, camera, options.frames);
  const problems = new Problems();
  problems.list.push(...table?.problems ?? [], ...note === undefined ? [] : [note]);
  const out = new Set(problems.list.filter((problem) => problem.dropped).map((problem) => problem.clip));
  const noted = new Set(
    problems.list.filter((problem) => problem.field === "row").map((problem) => problem.clip),
  );
  const rows = new Map(table?.rows.map((row) => [row.clip, row]) ?? []);
  const samples: Sample[] = [];
  for (const { subject, clip, folder, cropped } of clips) {
    const name = `${subject}/${clip}`;
    const row = rows.get(clip);
    rows.delete(clip);
    if (out.has(name)) continue;
    const label = agreedLabel(name, clip, folder, row, problems);
    if (label === undefined) continue;
    const media = await clipFrames(folder, name, problems);
    if (media === undefined) continue;
    const { frames, source } = media;
    noteOdd(name, media.odd, problems);
    if (table !== undefined && row === undefined && cropped && !noted.has(name)) {
      problems.keep(
        name,
        "row",
        "none",
        "the table does not list the clip: the first and last frames of its folder are onset and offset",
      );
    }
    let placed: Placed | undefined;
    if (cropped) {
      placed = wholeFolder(name, media, problems);
      if (placed !== undefined && row !== undefined) {
        compare(
          name,
          row,
          frames.map(({ number }) => number),
          problems,
        );
      }
    } else if (row === undefined) {
      problems.drop(
        name,
        "row",
        "none",
        "without a row of the table a long clip's onset and offset are unknown: it is left out",
      );
    } else {
      placed = placeFrames(name, row, frames, problems, source);
    }
    if (placed === undefined) continue;
    samples.push({ database: "smic", subject, clip, label, ...placed, fps: camera === "HS" ? 100 : 25 });
  }
  for (const row of rows.values()) {
    problems.drop(
      `${row.subject}/${row.clip}`,
      "folder",
      "missing",
      "the table lists the clip, but it has no folder; copy it from the database",
    );
  }
  const lengths = clips.every(({ cropped }) => cropped) ? "cropped" : "long";
  const edition = `${
    table?.edition ?? "without a table"
  }; ${clips.length} ${lengths} clips of SMIC-${camera} on disk`;
  return { database: "smic", edition, samples: sortSamples(samples), problems: problems.list };
}

/**
 * Reads the coding table of SMIC alone, as it stands. Cells that hold a formula give its cached value; one that lost its
 * value is reported by name.
 *
 * @param file `SMIC-HS-E_annotation.xlsx` or a csv copy of one sheet.
 * @param options The camera's sheet: HS unless told otherwise.
 * @throws {UserError} if the file cannot be read or lacks a column.
 *
 * @example
 * ```ts
 * import { readSmicTable, writeXlsx } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const file = await Deno.makeTempFile({ suffix: ".xlsx" });
 * const header = ["Subject", "Filename", "OnsetF", "OffsetF", "FirstF", "LastF", "Emotion"];
 * const offset = { formula: "C2+20", value: null };
 * await Deno.writeFile(file, writeXlsx([{ name: "HS", rows: [header, [1, "s1_ne_01", 120, offset, 100, 200, "negative"]] }]));
 * assertEquals((await readSmicTable(file)).problems.map((problem) => problem.field), ["edition", "offset"]);
 * ```
 */
export async function readSmicTable(
  file: string,
  options: { readonly camera?: "HS" | "VIS" | "NIR" } = {},
): Promise<TableReading> {
  const { camera = "HS" } = options;
  const table = await readCodedTable(file, {
    database: "smic",
    title: "SMIC",
    sheet: { sheet: camera, notSheets: cameras.filter((other) => other !== camera) },
    usual: ["FirstF"],
    telling: ["TotalMF1"],
    columns: {
      ...Object.fromEntries(
        ["Onset2F", "Offset2F", "FirstF", "LastF", "TotalMF1", "TotalMF2", "TotalVL"].map((
          name,
        ) => [name, { headers: [name], required: false }]),
      ),
      // The same headers, those of SMIC first: messages name them.
      onset: { ...codedColumns.onset, headers: codedColumns.onset.headers.toReversed() },
      offset: { ...codedColumns.offset, headers: codedColumns.offset.headers.toReversed() },
      label: { ...codedColumns.label, headers: codedColumns.label.headers.toReversed() },
    },
    clipName: { pattern: clipName, example: "s1_ne_01" },
    subject: (text) => {
      const digits = /^s?0*(\d+)(?:\.0+)?$/i.exec(text)?.[1];
      return digits === undefined ? undefined : `s${digits}`;
    },
    clip: (text) => canonical(text) ?? text,
    labelNames: labels,
    synonyms: {},
    edition: () => ({
      possible: () => smicNames(1),
      among: ({ title }) => title.startsWith(`SMIC-${camera}`),
      guess: (rows) => camera === "NIR" && rows.length === 71 ? "SMIC-NIR" : undefined, // its counts of labels are nowhere published
    }),
    check,
  });
  refuseOtherCamera(file, camera, table);
  if (!table.edition.startsWith("SMIC-HS")) return table;
  // The corpus has 164 clips; the table that comes with it has 162 rows.
  const names = new Set(table.rows.map((row) => row.clip));
  const missing = ["s1_ne_02", "s2_sur_05"].filter((clip) => !names.has(clip));
  const remedy =
    "the corpus has the clip, this edition of the table has no row of it: its cropped folder is read whole";
  const notes = missing.map((clip) => (
    { clip: `${clip.split("_")[0]}/${clip}`, field: "row", found: "none", remedy, dropped: false }
  ));
  return { ...table, problems: [...table.problems, ...notes] };
}

/**
 * VIS and NIR filmed 71 clips of the eight subjects that HS has too, under the same names but at a quarter of the frame rate; each camera
 * counts frames of its own.
 */
function refuseOtherCamera(file: string, camera: string, table: TableReading): void {
  if (
    camera === "NIR" &&
    sealDifferences(seals["SMIC-VIS"]!, sealedRows(table.rows, labels), () => smicNames(1)) !== undefined
  ) {
    throw new UserError(
      `Cannot read the table ${file} for camera NIR: its frames are those of camera VIS; name the camera VIS, or the table of NIR`,
    );
  }
  const subjects = new Set(table.rows.map((row) => row.subject));
  const isSmall = table.rows.length >= 60 && table.rows.length <= 80 && subjects.size === 8;
  const isLarge = table.rows.length > 100 && subjects.size > 8;
  if (camera === "HS" ? !isSmall : !isLarge) return;
  const [is, other] = camera === "HS" ? ["VIS or NIR", "VIS or NIR"] : ["HS", "HS"];
  throw new UserError(
    `Cannot read the table ${file} for camera ${camera}: its ${table.rows.length} clips of ${subjects.size} subjects are those of camera ${is}; ` +
      `name the camera ${other}, or the table of ${camera}`,
  );
}

function check(row: TableRow, cells: Readonly<Record<string, Cell>>, problems: Problems, name: string): void {
  for (const key of ["Onset2F", "Offset2F", "FirstF", "LastF", "TotalMF1", "TotalMF2", "TotalVL"]) {
    const cell = cells[key]!;
    if (typeof cell === "string" && !isBlank(cell) && !/^\d+(\.0+)?$/.test(cleanText(cell))) {
      problems.keep(
        name,
        key,
        cleanText(cell),
        "not a frame number; the column is only compared, the clip is read without it",
      );
    }
  }
  const number = (key: string) => {
    const cell = cells[key]!;
    return isBlank(cell) || typeof cell === "object" ? NaN : Number(cleanText(String(cell)));
  };
  const [first, last, length] = [number("FirstF"), number("LastF"), number("TotalMF1")];
  const { onset, offset } = row;
  if (number("Onset2F") >= 0) {
    const found = `a second expression from ${number("Onset2F")} to ${number("Offset2F")}`;
    problems.keep(name, "Onset2F", found, "only the first expression is a clip");
  }
  if (onset !== null && offset !== null) {
    if (onset < first || offset > last) {
      problems.keep(
        name,
        "onset",
        `${onset} to ${offset}, outside ${first} to ${last}`,
        "compared with the frames on disk; check the table",
      );
    }
    if (Number.isFinite(length) && length !== offset - onset + 1) {
      problems.keep(
        name,
        "TotalMF1",
        `${length}, but ${onset} to ${offset} are ${offset - onset + 1}`,
        "onset and offset are used; check the table",
      );
    }
  }
  const named = clipName.exec(row.clip);
  if (named === null) return;
  if (`s${named[1]}` !== row.subject) {
    problems.keep(name, "subject", row.subject, `the clip's own name says s${named[1]}; correct the table`);
  }
  const word = wordOf[named[2]!.toLowerCase()]!;
  if (row.label !== null && row.label !== word) {
    problems.keep(
      name,
      "label",
      row.label,
      `the clip's own name says ${word}; the folder decides, or a correction`,
    );
  }
}

interface ClipFolder {
  readonly subject: string;
  readonly clip: string;
  /** A folder of images, or a video. */
  readonly folder: string;
  readonly cropped: boolean;
}

/** `s01_NE_1` -> `s1_ne_01`. */
function canonical(name: string): string | undefined {
  const parts = clipName.exec(name.trim());
  return parts === null ? undefined : `s${parts[1]}_${parts[2]!.toLowerCase()}_${parts[3]!.padStart(2, "0")}`;
}

async function tableIn(
  root: string,
  options: DatabaseOptions,
  camera: "HS" | "VIS" | "NIR",
): Promise<{ readonly table?: TableReading; readonly note?: Problem }> {
  const pattern = /smic.*(annotation|cod).*\.(xlsx|csv)$/i;
  let file = options.table, isItsOwn = true;
  if (file === undefined) {
    const found: string[] = [];
    for (const folder of await foldersBelow(root, 2, (name) => /^s\d+$/i.test(name))) {
      found.push(...(await entries(folder)).files.filter((name) => pattern.test(name)));
    }
    if (found.length === 0) {
      await refuseOtherKinds(root, "SMIC", pattern, (name) => /^s\d+$/i.test(name));
      return {};
    }
    // Each camera has its own table in the distribution; the HS one holds a VIS sheet too.
    const own = found.filter((name) => new RegExp(`(^|[^a-z])${camera}([^a-z]|$)`, "i").test(name));
    const one = own.length === 1 ? own[0]! : undefined;
    isItsOwn = own.length > 0;
    file = await findTable(
      root,
      "SMIC",
      one === undefined ? pattern : new RegExp(`^${one.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`),
      "SMIC-HS-E_annotation.xlsx",
      (name) => /^s\d+$/i.test(name),
    );
  }
  if (!isItsOwn) {
    // The distribution has one table, of HS and VIS: whoever has frames of NIR beside it has none for them.
    const names = (await readSheets(file)).map(({ name }) => name.trim().toUpperCase());
    if (!names.includes(camera) && cameras.some((other) => names.includes(other))) {
      const remedy = `it is of other cameras: clips of ${camera} are read without a table`;
      return {
        note: { clip: basename(file), field: "sheet", found: `none of ${camera}`, remedy, dropped: false },
      };
    }
  }
  return { table: await correct(await readSmicTable(file, { camera }), options) };
}

/** A file's name without its ending. */
function stem(name: string): string {
  return basename(name, extname(name));
}

/** Every folder or video named like a clip, of one camera; cropped ones where there are both kinds. */
async function chooseClips(root: string, camera: string, wanted: string | undefined): Promise<ClipFolder[]> {
  const found: ClipFolder[] = [];
  const visit = async (folder: string, inside: readonly string[], depth: number): Promise<void> => {
    const { folders, files } = await entries(folder);
    const videos = files.filter((name) =>
      isVideo(name) && !folders.some((other) => canonical(other) === canonical(stem(name)))
    );
    for (const name of videos) {
      const clip = canonical(stem(name));
      if (clip === undefined) continue;
      const cropped = inside.some((part) => part.toLowerCase() === "micro");
      found.push({ subject: clip.split("_")[0]!, clip, folder: join(folder, name), cropped });
    }
    for (const name of folders) {
      const clip = canonical(name);
      if (clip !== undefined) {
        const cropped = inside.some((part) => part.toLowerCase() === "micro");
        found.push({ subject: clip.split("_")[0]!, clip, folder: join(folder, name), cropped });
        continue;
      }
      const of = cameras.find((word) => name.toUpperCase().split(/[^A-Z]+/).includes(word));
      if (of !== undefined && of !== camera || depth === 0) continue;
      await visit(join(folder, name), [...inside, name], depth - 1);
    }
  };
  await visit(root, [basename(root)], 7);
  const parts = (clip: ClipFolder) => clip.folder.slice(root.length).toLowerCase().split(/[\\/]/);
  const better = (clips: ClipFolder[], is: (clip: ClipFolder) => boolean) =>
    clips.some(is) ? clips.filter(is) : clips;
  const kept = wanted === undefined
    ? better(
      better(found, (clip) => clip.cropped),
      (clip) => parts(clip).some((part) => part.includes("crop")),
    )
    : found.filter((clip) => parts(clip).includes(wanted.toLowerCase()));
  if (kept.length === 0) {
    throw new UserError(
      `Cannot read SMIC in ${root}: no clip's folder (s1_ne_01) of camera ${camera}${
        wanted === undefined ? "" : ` below ${wanted}`
      } was found; ` +
        `give the folder that holds SMIC_all_cropped or HS_long`,
    );
  }
  const double = kept.find((clip, i) => kept.findIndex((other) => other.clip === clip.clip) !== i);
  if (double !== undefined) {
    const first = kept.find((clip) => clip.clip === double.clip)!;
    throw new UserError(
      `Cannot read SMIC in ${root}: ${first.folder} and ${double.folder} are the same clip; name the kind of frames to read`,
    );
  }
  return kept;
}

/** What two of folder, clip name and table agree on. */
function agreedLabel(
  name: string,
  clip: string,
  folder: string,
  row: TableRow | undefined,
  problems: Problems,
): string | undefined {
  const parent = basename(dirname(folder)).toLowerCase();
  const says = {
    folder: labels.includes(parent) ? parent : undefined,
    name: wordOf[clip.split("_")[1]!],
    table: row?.label !== undefined && row.label !== null && labels.includes(row.label)
      ? row.label
      : undefined,
  };
  const votes = Object.values(says).filter((label) => label !== undefined);
  if (new Set(votes).size === 1) return votes[0];
  const found = Object.entries(says).map(([who, label]) => `${who} ${label ?? "silent"}`).join(", ");
  const agreed = votes.find((label, i) => votes.indexOf(label) !== i);
  if (agreed === undefined) {
    problems.drop(
      name,
      "label",
      found,
      "nothing tells which label is right: the clip is left out; correct the folder or the table",
    );
  } else {
    problems.keep(name, "label", found, `${agreed} is taken, on which two of the three agree`);
  }
  return agreed;
}

function wholeFolder(
  name: string,
  { frames, source }: Pick<ClipFrames, "frames" | "source">,
  problems: Problems,
): Placed | undefined {
  if (frames.length < 2) {
    problems.drop(
      name,
      "frames",
      `${frames.length} frames`,
      "a clip needs at least two frames: it is left out; copy its folder again",
    );
    return undefined;
  }
  noteGaps(name, frames, problems);
  const offset = frames.length - 1;
  return {
    source,
    onset: 0,
    apex: Math.floor(offset / 2),
    offset,
    apexOrigin: "midpoint",
  };
}

/** A cropped clip against its row: the folder is believed, the difference reported. */
function compare(name: string, row: TableRow, numbers: readonly number[], problems: Problems): void {
  if (row.onset === null || row.offset === null) return;
  const [first, last] = [numbers[0]!, numbers.at(-1)!];
  if (row.offset - row.onset === last - first) return;
  const found = `${row.onset} to ${row.offset} in the table, ${first} to ${last} on disk`;
  problems.keep(name, "frames", found, "the frames on disk are used");
}
