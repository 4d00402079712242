import { type DatabaseReading, type LabelledSample, type Problem, type Sample, UserError } from "../types.ts";
import { readPackaged } from "./_files.ts";
import { csvRows, decodeText } from "./_table.ts";

/** The classes of the MEGC2019 composite, by their number. */
export const compositeClasses = ["negative", "positive", "surprise"] as const;

/** A clip of the composite's official list, its subject and name as the challenge's logs write them. */
export interface CompositeEntry {
  /** `casme2`, `smic` or `samm`. */
  readonly database: "casme2" | "smic" | "samm";
  /** `sub01`, `s01`, `006` (the list writes `6`). */
  readonly subject: string;
  /** `EP02_01f`, `s01_ne_01`, `006_1_2`. */
  readonly clip: string;
  /** Index into `compositeClasses`. */
  readonly classIndex: number;
}

/** The composite joined onto databases on disk. */
export interface Composite {
  /** The listed clips that have a sample, in the list's order; subject and clip as in the challenge's logs, label the class name. */
  readonly samples: readonly LabelledSample[];
  /** `negative`, `positive`, `surprise`. */
  readonly classes: readonly string[];
  /** Clips listed and found, by database. */
  readonly counts: Readonly<Record<string, { readonly listed: number; readonly found: number }>>;
  /** Every listed clip without a sample. */
  readonly problems: readonly Problem[];
}

/**
 * Reads the official list of the MEGC2019 composite, `combined_3class_gt.csv`: no header, `db,subject,clip,label`. SAMM's
 * subjects get the zeros back that the list lost.
 *
 * @param file The list.
 * @throws {UserError} naming the line that is no clip of the composite, or that comes twice.
 *
 * @example
 * ```ts
 * import { readCompositeList } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const file = await Deno.makeTempFile({ suffix: ".csv" });
 * await Deno.writeTextFile(file, "samm,6,006_1_2,0\r\n");
 * assertEquals(await readCompositeList(file), [{ database: "samm", subject: "006", clip: "006_1_2", classIndex: 0 }]);
 * ```
 */
export async function readCompositeList(file: string | URL): Promise<CompositeEntry[]> {
  const bytes = await readPackaged(file, "composite list");
  const rows = csvRows(String(file), bytes.length === 0 ? "" : decodeText(bytes));
  const seen = new Set<string>();
  const list = rows.flatMap((row, i): CompositeEntry[] => {
    if (row.every((cell) => cell === null || cell.trim() === "")) return [];
    const [database, subject, clip, label, ...more] = row.map((cell) => cell?.trim() ?? "");
    const at = `Cannot read the composite list ${file}: line ${i + 1}`;
    if (database !== "casme2" && database !== "smic" && database !== "samm") {
      throw new UserError(
        `${at} names the database "${database}", which is none of casme2, smic, samm; restore the official list`,
      );
    }
    if (!subject || !clip || !label || more.length > 0) {
      throw new UserError(`${at} is not db,subject,clip,label; restore the official list`);
    }
    if (!/^[012]$/.test(label)) {
      throw new UserError(
        `${at} has the label "${label}", which is none of 0, 1, 2; restore the official list`,
      );
    }
    const full = database === "samm" ? subject.padStart(3, "0") : subject;
    const key = `${database}/${full}/${clip}`;
    if (seen.has(key)) throw new UserError(`${at} lists ${key} a second time; remove one of the two lines`);
    seen.add(key);
    return [{ database, subject: full, clip, classIndex: Number(label) }];
  });
  if (list.length === 0) {
    throw new UserError(
      `Cannot read the composite list ${file}: it lists no clip; restore the official list`,
    );
  }
  return list;
}

/**
 * Joins the composite's official list onto readings of CASME II, SMIC and SAMM. The list is the definition: which clips belong and which class
 * they have comes from it alone, whatever the tables say. A listed clip without a sample is
 * reported, also where its database was not read at all: compare `counts` before relying on a score.
 *
 * @param list The official list: a file, or what `readCompositeList` made of it.
 * @param readings What the readers made of the three databases, in any order.
 * @throws {UserError} if the list cannot be read.
 *
 * @example
 * ```ts
 * import { readComposite } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const list = [
 *   { database: "smic", subject: "s01", clip: "s01_ne_01", classIndex: 0 },
 *   { database: "smic", subject: "s01", clip: "s01_ne_02", classIndex: 0 },
 * ] as const;
 * const source = { kind: "images", files: ["image1.bmp", "image2.bmp"] } as const;
 * const sample = {
 *   database: "smic", subject: "s1", clip: "s1_ne_01", label: "negative", source,
 *   onset: 0, apex: 0, offset: 1, apexOrigin: "midpoint", fps: 100,
 * } as const;
 * const reading = { database: "smic", edition: "a part of SMIC", samples: [sample], problems: [] };
 * const { samples, counts, problems } = await readComposite(list, [reading]);
 * assertEquals(samples.map(({ subject, classIndex }) => [subject, classIndex]), [["s01", 0]]);
 * assertEquals(counts, { smic: { listed: 2, found: 1 } });
 * assertEquals(problems[0]?.clip, "smic/s01/s01_ne_02");
 * ```
 */
export async function readComposite(
  list: string | URL | readonly CompositeEntry[],
  readings: readonly DatabaseReading[],
): Promise<Composite> {
  const listed = typeof list === "string" || list instanceof URL ? await readCompositeList(list) : list;
  const samples = new Map<string, Sample>();
  for (const reading of readings) for (const sample of reading.samples) samples.set(key(sample), sample);
  const found: LabelledSample[] = [], problems: Problem[] = [];
  const counts: Record<string, { listed: number; found: number }> = {};
  for (const entry of listed) {
    const count = counts[entry.database] ??= { listed: 0, found: 0 };
    count.listed++;
    const sample = samples.get(key(entry));
    if (sample === undefined) {
      const reading = readings.find(({ database }) => database === entry.database);
      const reasons = (reading?.problems ?? [])
        .filter((problem) => problem.dropped && problem.clip.toLowerCase() === ownName(entry));
      problems.push({
        clip: `${entry.database}/${entry.subject}/${entry.clip}`,
        field: "sample",
        found: reasons.map((problem) => `${problem.field}: ${problem.found}`).join("; ") || "none",
        remedy: reading === undefined
          ? `the official list has the clip, but ${entry.database} was not read: name its folder too`
          : "the official list has the clip, the database on disk does not: complete the database",
        dropped: true,
      });
      continue;
    }
    count.found++;
    const { subject, clip, classIndex } = entry;
    found.push({ ...sample, subject, clip, classIndex, label: compositeClasses[classIndex]! });
  }
  return { samples: found, classes: compositeClasses, counts, problems };
}

/** Database, subject and clip without case and without SMIC's zeros. */
function key(clip: { readonly database: string; readonly subject: string; readonly clip: string }): string {
  const plain = clip.database === "smic"
    ? (text: string) => text.replace(/^s0+/i, "s")
    : (text: string) => text;
  return `${clip.database}/${plain(clip.subject)}/${plain(clip.clip)}`.toLowerCase();
}

/** The clip as its reader names it in problems. */
function ownName(entry: CompositeEntry): string {
  return key(entry).slice(entry.database.length + 1);
}
