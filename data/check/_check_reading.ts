import { basename } from "node:path";
import type { DatabaseReading, Problem, Sample } from "../../types.ts";
import { Problems } from "../_problems.ts";
import { countClipsOf, countDeviations } from "../published.ts";
import type { CheckOptions } from "./check_database.ts";
import { checkFrames, type ClipLook, difference, mostCommon, numbersOnDisk } from "./_frames.ts";
import { mergeProblems } from "./_merge_problems.ts";
import { publishedFor } from "./_published_for.ts";
import type { CheckReport } from "./report.ts";

/** Checks what a reader made of a database: its frames, clip after clip, and its counts. */
export async function checkReading(
  reading: DatabaseReading,
  root: string,
  options: Pick<CheckOptions, "decode" | "signal" | "onProgress">,
): Promise<CheckReport> {
  const { decode = true, signal, onProgress } = options;
  const problems = new Problems();
  const frames = reading.samples.reduce(
    (sum, { source }) => sum + (source.kind === "images" ? source.files.length : source.frames),
    0,
  );
  const looks: ClipLook[] = [];
  let done = 0;
  for (const sample of reading.samples) {
    signal?.throwIfAborted();
    const clip = `${sample.subject}/${sample.clip}`;
    noteNumbering(sample, reading.problems, problems);
    const onFrame = () => onProgress?.({ done: ++done, total: frames, clip });
    const look = await checkFrames(sample, problems, { decode, onFrame, signal });
    if (look !== undefined) looks.push(look);
  }
  noteStrangers(reading.database, looks, problems);
  const counts = countClipsOf(reading.samples);
  const published = publishedFor(reading.database, reading.edition, counts);
  const listed = mergeProblems([...withFrames(reading), ...problems.list]);
  if (
    published !== undefined && !listed.some(({ field }) => field === "edition") &&
    !/changed in|without the values/.test(reading.edition)
  ) {
    const deviations = countDeviations(counts, published);
    // Clips that were left out have problems of their own; this one says what they come to.
    if (deviations !== "") {
      listed.unshift({
        clip: basename(root),
        field: "edition",
        found: deviations,
        remedy:
          `compared with ${published.title}; the problems below say which clips are missing where it is not another edition`,
        dropped: false,
      });
    }
  }
  return {
    database: reading.database,
    edition: reading.edition,
    ...counts,
    problems: listed,
    ...(published === undefined ? {} : { published }),
    frames,
  };
}

/** Gaps in the numbers of a folder's frames that the reader has no reason to look at. */
function noteNumbering(sample: Sample, noted: readonly Problem[], problems: Problems): void {
  const name = `${sample.subject}/${sample.clip}`;
  const disk = numbersOnDisk(sample);
  if (disk === undefined || disk.missing.length === 0) return;
  if (
    noted.some(({ clip, field, found }) => clip === name && field === "frames" && found.includes("missing"))
  ) return;
  const listed = disk.missing.slice(0, 5).join(", ") +
    (disk.missing.length > 5
      ? `, ... (${disk.missing.length}${disk.missing.length < 1000 ? "" : " or more"} in all)`
      : "");
  problems.keep(
    name,
    "frames",
    `the numbers ${disk.first} to ${disk.last} lack ${listed}`,
    "the clip itself is whole; a frame beside it was lost or renamed: copy the folder again",
  );
}

/** Clips whose frames are unlike those of most others. */
function noteStrangers(database: string, looks: readonly ClipLook[], problems: Problems): void {
  const usual = mostCommon(looks.map(({ look }) => ({ ...look, width: 0, height: 0 })));
  if (usual === undefined) return;
  const middle = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  const [width, height] = [
    middle(looks.map(({ look }) => look.width)),
    middle(looks.map(({ look }) => look.height)),
  ];
  const far = (a: number, b: number) => Math.max(a / b, b / a) > 1.7;
  // The macro databases mix grey and colour, and several cameras, in their genuine copies.
  const isMixed = database === "ckplus" || database === "mmi";
  for (const { name: clip, look } of looks) {
    const what = difference({ ...look, width: 0, height: 0 }, usual);
    const strange = isMixed ? !/^8-bit (colour|grey|palette)$/.test(look.pixels) : what !== "";
    if (strange) {
      const remedy =
        "read as 8-bit grey or colour all the same; if the database did not come so, copy the clip's folder again";
      problems.keep(
        clip,
        "frames",
        what === "" ? look.pixels : `all its frames: ${what} as in other clips`,
        remedy,
      );
    }
    if (!isMixed && (far(look.width, width) || far(look.height, height))) {
      problems.keep(
        clip,
        "frames",
        `all its frames are ${look.width}x${look.height}, where ${width}x${height} is usual`,
        "raw frames may have got among cropped ones: copy the clip's folder again",
      );
    }
  }
}

/** Where published tables disagree, what the frames on disk say. */
function withFrames({ problems, samples }: DatabaseReading): Problem[] {
  return problems.map((problem) => {
    if (problem.field !== "onset, offset") return problem;
    const sample = samples.find(({ subject, clip }) => `${subject}/${clip}` === problem.clip);
    const disk = sample && numbersOnDisk(sample);
    if (disk === undefined) return problem;
    return {
      ...problem,
      remedy:
        `published copies of the table disagree here; the frames on disk run from ${disk.first} to ${disk.last}`,
    };
  });
}
