import { resolve, sep } from "node:path";
import { type DatabaseName, UserError } from "../../types.ts";
import { checkDatabase } from "../check/mod.ts";
import type { FaceFinder } from "../faces/mod.ts";
import { loadSharp } from "../_sharp.ts";
import { flowColours } from "../flow/mod.ts";
import type { DatabaseOptions } from "../readers/options.ts";
import { type FurtherName, readDatabase } from "../readers/read_database.ts";
import { lookAtClip } from "./_look_at_clip.ts";
import { page, type SheetClip } from "./_page.ts";
import { sampled } from "./_sampled.ts";

/** How a database is shown. */
export interface ShowOptions extends DatabaseOptions {
  /** Whether frames are shown. Their licences restrict who may see them: without, no pixel of a face is on the page. @default false */
  readonly faces?: boolean;
  /** Clips of the contact sheet. @default 12 */
  readonly clips?: number;
  /** Finds faces, for the crop box and the landmarks; without, the middle of the frame is taken. */
  readonly finder?: FaceFinder;
  /** Stops the work. */
  readonly signal?: AbortSignal;
  /** Called before each clip of the sheet. */
  readonly onProgress?: (progress: ShowProgress) => void;
}

/** How far the page has come. */
export interface ShowProgress {
  /** Clips done. */
  readonly done: number;
  /** Clips of the sheet. */
  readonly total: number;
  /** The clip at work, `subject/clip`. */
  readonly clip: string;
}

const titles: Readonly<Record<DatabaseName | FurtherName, string>> = {
  casme2: "CASME II",
  smic: "SMIC",
  samm: "SAMM",
  ckplus: "CK+",
  mmi: "MMI",
  casme3: "CAS(ME)^3",
  mmew: "MMEW",
};

/**
 * A page about a database: its counts beside the published ones, labels, subjects, lengths, a contact sheet of some clips with the flow from onset to
 * apex, and every problem with its remedy. One HTML file without scripts that loads nothing, for light and dark screens, wide and narrow.
 *
 * Without `faces` it shows none: landmarks as lines, motion as colour. One clip is looked at after the other, so memory does not grow with
 * the database. The same database and options give the same page.
 *
 * @param name `casme2`, `smic`, `samm`, `ckplus`, `mmi`, `casme3` or `mmew`.
 * @param root The folder that holds the database.
 * @param options
 * @returns The text of the page.
 * @throws {RangeError} if `clips` is no positive integer.
 * @throws {UserError} as the database's own reader, and if it has no usable clip.
 * @throws {DOMException} `AbortError` when the signal stops it.
 *
 * @example
 * ```ts
 * import { showDatabase, synthesizeDatabases } from "@macro2micro/mer/data";
 * import { assert } from "@std/assert";
 *
 * const root = await Deno.makeTempDir();
 * const subjects = { casme2: 1, smic: 1, samm: 1, ckplus: 1, mmi: 1 };
 * await synthesizeDatabases(`${root}/all`, { subjects, clipsPerSubject: 1, size: 32 });
 * const page = await showDatabase("smic", `${root}/all/smic`, { clips: 1 });
 * assert(page.startsWith("<!DOCTYPE html>"));
 * ```
 */
export async function showDatabase(
  name: DatabaseName | FurtherName,
  root: string,
  options: ShowOptions = {},
): Promise<string> {
  const { faces = false, clips = 12, finder, signal, onProgress, ...how } = options;
  if (!Number.isInteger(clips) || clips < 1) {
    throw new RangeError(`Cannot show database: clips must be a positive integer, current value is ${clips}`);
  }
  const { samples } = await readDatabase(name, root, { lenient: true, ...how });
  if (samples.length === 0) {
    throw new UserError(
      `Cannot show the database in ${root}: it has no usable clip; m2m data check says what is wrong with each`,
    );
  }
  const report = await checkDatabase(name, root, {
    ...how,
    decode: false,
    ...(signal === undefined ? {} : { signal }),
  });
  // The page may travel: where the database lies on this machine is nobody's business.
  const within = (text: string) => text.replaceAll(`${resolve(root)}${sep}`, "");
  const problems = report.problems.map((problem) => ({
    ...problem,
    found: within(problem.found),
    remedy: within(problem.remedy),
  }));
  const chosen = sampled(samples, clips), sheet: SheetClip[] = [];
  for (const [done, sample] of chosen.entries()) {
    signal?.throwIfAborted();
    onProgress?.({ done, total: chosen.length, clip: `${sample.subject}/${sample.clip}` });
    const look = await lookAtClip(sample, { finder, faces }).catch((error) => {
      if (error instanceof UserError) return within(error.message);
      throw error;
    });
    sheet.push({ sample, look });
  }
  return page({
    title: titles[name],
    report: { ...report, problems },
    samples,
    sheet,
    faces,
    searched: finder !== undefined,
    wheel: await wheel(),
    licence: `${
      titles[name]
    } is given out under a licence of its owners, which restricts who may have its images and what may be shown of them. Look it up before you show this page to anybody who has not signed it.`,
  });
}

/** The colours of all directions, as a picture. */
async function wheel(): Promise<string> {
  const side = 120, middle = (side - 1) / 2;
  const plane = (f: (x: number, y: number) => number) =>
    Float32Array.from({ length: side * side }, (_, i) => {
      const [x, y] = [i % side - middle, Math.floor(i / side) - middle];
      return Math.hypot(x, y) <= middle ? f(x, y) / middle : 0;
    });
  const { pixels } = flowColours({ width: side, height: side, u: plane((x) => x), v: plane((_, y) => y) }, {
    greatest: 1,
  });
  const sharp = await loadSharp();
  const bytes = await sharp(pixels, { raw: { width: side, height: side, channels: 3 } }).webp({ quality: 85 })
    .toBuffer();
  return `data:image/webp;base64,${bytes.toString("base64")}`;
}
