import { basename, join } from "node:path";
import { type DatabaseReading, type Sample, UserError } from "../../types.ts";
import { entries, foldersBelow, listFrames, openRoot, sameName } from "../_files.ts";
import { Problems } from "../_problems.ts";
import { sortSamples } from "./_coded_database.ts";
import { imageSource } from "./_place.ts";

const labels = ["neutral", "anger", "contempt", "disgust", "fear", "happy", "sadness", "surprise"];
const subjectName = /^S\d{3}$/i;

/**
 * Reads CK+ (Lucey et al. 2010): `cohn-kanade-images/S005/001/S005_001_00000011.png` and
 * `Emotion/S005/001/S005_001_00000011_emotion.txt`, 30 frames a second.
 *
 * Only sequences with an emotion file are labelled (327 of 593): the others are counted in one problem. Labels are
 * `anger, contempt, disgust, fear, happy, sadness, surprise`. A sequence runs from neutral to peak, so that onset is its first
 * frame and apex and offset are its last. Subjects are `S005`, clips `S005_001`.
 *
 * @param root The folder that holds both folders.
 * @throws {UserError} if the folder, the images or the emotion files are missing.
 *
 * @example
 * ```ts
 * import { readCkplus } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const root = await Deno.makeTempDir();
 * await Deno.mkdir(`${root}/cohn-kanade-images/S005/001`, { recursive: true });
 * await Deno.mkdir(`${root}/Emotion/S005/001`, { recursive: true });
 * for (const n of [1, 2]) await Deno.writeTextFile(`${root}/cohn-kanade-images/S005/001/S005_001_0000000${n}.png`, "");
 * await Deno.writeTextFile(`${root}/Emotion/S005/001/S005_001_00000002_emotion.txt`, "   3.0000000e+00\n");
 * const { samples } = await readCkplus(root);
 * assertEquals(samples.map(({ clip, label, apex }) => [clip, label, apex]), [["S005_001", "disgust", 1]]);
 * ```
 */
export async function readCkplus(root: string): Promise<DatabaseReading> {
  const path = await openRoot(root, "CK+");
  const images = await homeOf(
    path,
    /^(cohn-kanade-images|extended-cohn-kanade-images|images?)$/i,
    "cohn-kanade-images",
  );
  const emotions = await homeOf(path, /^emotion/i, "Emotion");
  const problems = new Problems();
  const samples: Sample[] = [];
  let [sequences, unlabelled] = [0, 0];
  const emotionSubjects = (await entries(emotions)).folders;
  for (const subject of (await entries(images)).folders.filter((name) => subjectName.test(name))) {
    const emotionSubject = sameName(emotionSubjects, subject);
    const emotionClips = emotionSubject === undefined
      ? []
      : (await entries(join(emotions, emotionSubject))).folders;
    for (const number of (await entries(join(images, subject))).folders) {
      sequences++;
      const clip = `${subject.toUpperCase()}_${number}`;
      const name = `${subject.toUpperCase()}/${clip}`;
      const emotionClip = sameName(emotionClips, number);
      const texts = emotionClip === undefined
        ? []
        : (await entries(join(emotions, emotionSubject!, emotionClip))).files.filter((file) =>
          file.toLowerCase().endsWith(".txt")
        );
      if (texts.length === 0) {
        unlabelled++;
        continue;
      }
      const label = await readEmotion(
        name,
        clip,
        join(emotions, emotionSubject!, emotionClip!),
        texts,
        problems,
      );
      if (label === undefined) continue;
      const { frames, odd } = await listFrames(join(images, subject, number));
      if (odd.length > 0) {
        problems.keep(
          name,
          "frames",
          odd.slice(0, 3).join(", "),
          "files without a frame number of their own are not read; rename them",
        );
      }
      if (frames.length < 2) {
        problems.drop(
          name,
          "frames",
          `${frames.length} frames`,
          "a sequence needs at least two frames: it is left out; copy it again",
        );
        continue;
      }
      const missing = frames.at(-1)!.number - frames[0]!.number + 1 - frames.length;
      if (missing > 0) {
        problems.keep(
          name,
          "frames",
          `${missing} frames missing between ${frames[0]!.number} and ${frames.at(-1)!.number}`,
          "the frames that are there are used; copy the folder again",
        );
      }
      const last = frames.length - 1;
      samples.push({
        database: "ckplus",
        subject: subject.toUpperCase(),
        clip,
        label,
        source: imageSource(frames),
        onset: 0,
        apex: last,
        offset: last,
        apexOrigin: "coded",
        fps: 30,
      });
    }
  }
  await reportStrays(emotions, images, problems);
  if (unlabelled > 0) {
    const remedy = "CK+ labels only a part of its sequences (327 of 593): the others are not read";
    problems.drop(
      basename(emotions),
      "label",
      `${unlabelled} of ${sequences} sequences without an emotion file`,
      remedy,
    );
  }
  const subjects = new Set(samples.map((sample) => sample.subject)).size;
  const edition = sequences === 593 && samples.length === 327
    ? "CK+ of 2010"
    : "unknown edition (CK+ has 593 sequences, 327 of them labelled)";
  return {
    database: "ckplus",
    edition: `${edition}: ${samples.length} labelled of ${sequences} sequences, ${subjects} subjects`,
    samples: sortSamples(samples),
    problems: problems.list,
  };
}

/** The folder of a kind that holds subjects. */
async function homeOf(root: string, kind: RegExp, usual: string): Promise<string> {
  for (const folder of await foldersBelow(root, 3, (name) => subjectName.test(name))) {
    if (!kind.test(basename(folder))) continue;
    if ((await entries(folder)).folders.some((name) => subjectName.test(name))) return folder;
  }
  throw new UserError(
    `Cannot read CK+ in ${root}: no folder ${usual} with subjects (S005) was found; unpack it there`,
  );
}

async function readEmotion(
  name: string,
  clip: string,
  folder: string,
  texts: readonly string[],
  problems: Problems,
): Promise<string | undefined> {
  if (texts.length > 1) {
    problems.drop(
      name,
      "label",
      `${texts.length} emotion files`,
      `the sequence is left out; keep one file in ${folder}`,
    );
    return undefined;
  }
  if (!texts[0]!.toUpperCase().startsWith(`${clip.toUpperCase()}_`)) {
    problems.drop(
      name,
      "label",
      texts[0]!,
      "the emotion file belongs to another sequence: this one is left out; restore its own",
    );
    return undefined;
  }
  const text = (await Deno.readTextFile(join(folder, texts[0]!))).replace(/\0/g, "").trim();
  const value = /^\d(\.\d*)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
  const label = labels[value];
  if (label === undefined) {
    problems.drop(
      name,
      "label",
      text === "" ? "empty file" : text.slice(0, 40),
      "not a number from 0 to 7: the sequence is left out; copy its emotion file again",
    );
  }
  return label;
}

/** Emotion files of sequences that have no frames. */
async function reportStrays(emotions: string, images: string, problems: Problems): Promise<void> {
  const subjects = (await entries(images)).folders;
  for (const subject of (await entries(emotions)).folders.filter((name) => subjectName.test(name))) {
    const there = sameName(subjects, subject);
    const clips = there === undefined ? [] : (await entries(join(images, there))).folders;
    for (const number of (await entries(join(emotions, subject))).folders) {
      if (sameName(clips, number) !== undefined) continue;
      if (!(await entries(join(emotions, subject, number))).files.some((file) => file.endsWith(".txt"))) {
        continue;
      }
      const clip = `${subject.toUpperCase()}/${subject.toUpperCase()}_${number}`;
      problems.drop(
        clip,
        "folder",
        "missing",
        "there is an emotion file but no frames; copy the sequence from the database",
      );
    }
  }
}
