import { basename, join } from "node:path";
import type { DatabaseReading, Problem } from "../../types.ts";
import { compositeClasses, type CompositeEntry, readComposite, readCompositeList } from "../composite.ts";
import { sealedEntries } from "../_composite_seal.ts";
import { casme2Names, sammNames, smicNames } from "../_possible_names.ts";
import { countClipsOf, countDeviations, publishedSets } from "../published.ts";
import { readDatabase } from "../readers/read_database.ts";
import { sealDifferences } from "../_seal.ts";
import { seals } from "../_seals.ts";
import type { CheckOptions } from "./check_database.ts";
import { checkReading } from "./_check_reading.ts";
import { mergeProblems } from "./_merge_problems.ts";
import type { CheckReport } from "./report.ts";

const published = publishedSets.find(({ database }) => database === "composite")!;
const smicWords: Record<string, number> = { ne: 0, po: 1, sur: 2 };

/**
 * Checks the official list of the MEGC2019 composite, `combined_3class_gt.csv`, alone: its counts, its labels against the names of SMIC's
 * clips, and each line that the official list has otherwise.
 *
 * @param file The list.
 * @throws {UserError} naming the line that is no clip of the composite, or that comes twice.
 *
 * @example
 * ```ts
 * import { checkCompositeList } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const file = await Deno.makeTempFile({ suffix: ".csv" });
 * await Deno.writeTextFile(file, "smic,s01,s01_ne_01,1\r\n");
 * const { labels, problems } = await checkCompositeList(file);
 * assertEquals(labels, { positive: 1 });
 * assertEquals(problems.map(({ field }) => field), ["edition", "label"]);
 * ```
 */
export async function checkCompositeList(file: string): Promise<CheckReport> {
  const list = await readCompositeList(file);
  const rows = list.map(({ database, subject, classIndex }) => (
    { subject: `${database}/${subject}`, label: compositeClasses[classIndex]! }
  ));
  const counts = countClipsOf(rows);
  const words = `${counts.clips} clips of ${counts.subjects} subjects`;
  const differences = Math.abs(list.length - published.clips) > 11
    ? undefined
    : sealDifferences(seals[published.title]!, sealedEntries(list), possible);
  const problems: Problem[] = [];
  if (differences === undefined) {
    problems.push({
      clip: basename(file),
      field: "edition",
      found: words,
      remedy: `this is not the official list: compared with it, ${
        countDeviations(counts, published) || "many lines are not the same"
      }; scores on it cannot be compared with published ones`,
      dropped: false,
    });
  }
  for (const entry of list) problems.push(...namedOtherwise(entry));
  for (const { name, sealed } of differences ?? []) {
    const entry = list.find(({ database, subject, clip }) => `${database}/${subject}/${clip}` === name);
    const official = compositeClasses[Number(sealed) - 1];
    const field = entry === undefined || sealed === 0n ? "row" : "label";
    problems.push({
      clip: name,
      field,
      found: entry === undefined
        ? "none"
        : field === "row"
        ? "in the list"
        : compositeClasses[entry.classIndex]!,
      remedy: official === undefined
        ? "the official list has no such clip: remove the line"
        : `the official list has the clip as ${official}: restore the line`,
      dropped: false,
    });
  }
  const edition = differences === undefined
    ? "unknown list"
    : differences.length === 0
    ? published.title
    : `${published.title}, changed in ${differences.length === 1 ? "1 line" : `${differences.length} lines`}`;
  return {
    database: "composite",
    edition: `${edition}: ${words}`,
    ...counts,
    problems,
    published,
    frames: 0,
  };
}

/**
 * Checks the composite on disk: its list, the databases that it is drawn from, and that every listed clip is there.
 *
 * @param root The folder that holds `casme2/`, `smic/`, `samm/` and the list.
 * @param options The list where it is not `combined_3class_gt.csv` below `root`, and how the frames are checked.
 * @throws {UserError} if the list or a database cannot be read.
 *
 * @example
 * ```ts
 * import { checkComposite } from "@macro2micro/mer/data";
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(() => checkComposite("/no/such/folder"), Error, "combined_3class_gt.csv");
 * ```
 */
export async function checkComposite(
  root: string,
  options: Pick<CheckOptions, "decode" | "signal" | "onProgress" | "table"> = {},
): Promise<CheckReport> {
  const { table = join(root, "combined_3class_gt.csv"), ...how } = options;
  const list = await checkCompositeList(table);
  const entries = await readCompositeList(table);
  const problems: Problem[] = [...list.problems], readings: DatabaseReading[] = [];
  let frames = 0;
  for (const name of ["smic", "casme2", "samm"] as const) {
    if (!entries.some(({ database }) => database === name)) continue;
    const folder = join(root, name);
    const isThere = await Deno.stat(folder).then((info) => info.isDirectory, () => false);
    if (!isThere) {
      const remedy = `the official list has clips of ${name}: put the database into ${folder}`;
      problems.push({ clip: name, field: "folder", found: "missing", remedy, dropped: true });
      continue;
    }
    const reading = await readDatabase(name, folder, { lenient: true });
    readings.push(reading);
    const report = await checkReading(reading, folder, how);
    frames += report.frames;
    problems.push(...report.problems.map((problem) => ({ ...problem, clip: `${name}/${problem.clip}` })));
  }
  const composite = await readComposite(entries, readings);
  const found = composite.samples.map((sample) => ({
    subject: `${sample.database}/${sample.subject}`,
    label: sample.label,
  }));
  return {
    ...list,
    ...countClipsOf(found),
    problems: mergeProblems([...problems, ...composite.problems]),
    frames,
  };
}

/** Lines whose clip's own name says something else. */
function namedOtherwise({ database, subject, clip, classIndex }: CompositeEntry): Problem[] {
  const name = `${database}/${subject}/${clip}`;
  const say = (field: string, found: string, is: string): Problem => (
    {
      clip: name,
      field,
      found,
      remedy: `the clip's own name says ${is}; restore the official list`,
      dropped: false,
    }
  );
  if (database === "samm") {
    return clip.startsWith(`${subject}_`) ? [] : [say("subject", subject, clip.slice(0, 3))];
  }
  const parts = /^(s\d+)_(ne|po|sur)_\d+$/.exec(clip);
  if (database !== "smic" || parts === null) return [];
  const word = smicWords[parts[2]!]!;
  return [
    ...(parts[1] === subject ? [] : [say("subject", subject, parts[1]!)]),
    ...(word === classIndex ? [] : [say("label", compositeClasses[classIndex]!, compositeClasses[word]!)]),
  ];
}

/** Names that the official list may have. */
function* possible(): Generator<string> {
  for (const name of casme2Names()) yield `casme2/${name}`;
  for (const name of sammNames()) yield `samm/${name}`;
  for (const name of smicNames(2)) yield `smic/${name}`;
}
