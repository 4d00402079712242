import { basename, join } from "node:path";
import { type DatabaseReading, type Sample, UserError } from "../../types.ts";
import { entries, foldersBelow, listFrames, openRoot, sameName } from "../_files.ts";
import { Problems } from "../_problems.ts";
import { cleanText, decodeText } from "../_table.ts";
import { sortSamples } from "./_coded_database.ts";
import { imageSource, noteGaps, noteOdd } from "./_place.ts";

const labels = ["neutral", "anger", "contempt", "disgust", "fear", "happy", "sadness", "surprise"];
const subjectName = /^S\d{3}$/i;

/**
 * Reads CK+ (Lucey et al. 2010): `cohn-kanade-images/S005/001/S005_001_00000011.png` and
 * `Emotion/S005/001/S005_001_00000011_emotion.txt`, 30 frames a second.
 *
 * Only sequences with an emotion file are labelled (327 of 593): the others are counted in one problem, as is a copy without any. Labels are
 * `anger, contempt, disgust, fear, happy, sadness, surprise`. A sequence runs from neutral to peak, so that onset is its first
 * frame and apex and offset are its last. Subjects are `S005`, clips `S005_001`.
 *
 * @param root The folder that holds both folders.
 * @throws {UserError} if the folder or the images are missing.
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
  const images = await homeOf(path, /^(cohn-kanade-images|extended-cohn-kanade-images|images?)$/i);
  if (images === undefined) {
    throw new UserError(
      `Cannot read CK+ in ${path}: no folder cohn-kanade-images with subjects (S005) was found; unpack it there`,
    );
  }
  const emotions = await homeOf(path, /^emotion/i);
  const problems = new Problems();
  const samples: Sample[] = [];
  let [sequences, unlabelled] = [0, 0];
  const emotionSubjects = emotions === undefined ? [] : (await entries(emotions)).folders;
  for (const subject of (await entries(images)).folders.filter((name) => subjectName.test(name))) {
    const emotionSubject = sameName(emotionSubjects, subject);
    const emotionClips = emotionSubject === undefined
      ? []
      : (await entries(join(emotions!, emotionSubject))).folders;
    for (const number of (await entries(join(images, subject))).folders) {
      sequences++;
      const clip = `${subject.toUpperCase()}_${number}`;
      const name = `${subject.toUpperCase()}/${clip}`;
      const emotionClip = sameName(emotionClips, number);
      const texts = emotionClip === undefined
        ? []
        : (await entries(join(emotions!, emotionSubject!, emotionClip))).files.filter((file) =>
          file.toLowerCase().endsWith(".txt")
        );
      if (texts.length === 0) {
        unlabelled++;
        continue;
      }
      const label = await readEmotion(
        name,
        clip,
        join(emotions!, emotionSubject!, emotionClip!),
        texts,
        problems,
      );
      if (label === undefined) continue;
      const { frames, odd } = await listFrames(join(images, subject, number));
      noteOdd(name, odd, problems);
      if (frames.length < 2) {
        problems.drop(
          name,
          "frames",
          `${frames.length} frames`,
          "a sequence needs at least two frames: it is left out; copy it again",
        );
        continue;
      }
      const other = sequenceOf(basename(frames[0]!.file));
      if (other !== undefined && other !== clip) {
        problems.drop(
          name,
          "frames",
          basename(frames[0]!.file),
          `the frames are those of ${other}: the sequence is left out; copy its folder again`,
        );
        continue;
      }
      noteGaps(name, frames, problems);
      const last = frames.length - 1, peak = Number(/_(\d+)_emotion/i.exec(texts[0]!)?.[1]);
      if (peak >= 0 && peak !== frames[last]!.number) {
        problems.keep(
          name,
          "apex",
          `the emotion file is of frame ${peak}, the last frame is ${frames[last]!.number}`,
          "the last frame is taken as the apex, though frames at the peak may be lost; copy the sequence again",
        );
      }
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
  if (emotions === undefined) {
    const remedy =
      "none of the sequences has a label, so that none is read; unpack the folder Emotion of CK+ beside the images";
    problems.drop(basename(path), "label", "no folder Emotion", remedy);
  } else {
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
  }
  const subjects = new Set(samples.map((sample) => sample.subject)).size;
  const edition = emotions === undefined
    ? "CK+ without labels"
    : sequences === 593 && samples.length === 327
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
async function homeOf(root: string, kind: RegExp): Promise<string | undefined> {
  for (const folder of await foldersBelow(root, 3, (name) => subjectName.test(name))) {
    if (!kind.test(basename(folder))) continue;
    if ((await entries(folder)).folders.some((name) => subjectName.test(name))) return folder;
  }
  return undefined;
}

/** The sequence that a frame's own name tells, `S005_001`. */
function sequenceOf(frame: string): string | undefined {
  return /^(S\d{3}_\d{3})_\d+\./i.exec(frame)?.[1]?.toUpperCase();
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
  const bytes = await Deno.readFile(join(folder, texts[0]!));
  const text = bytes.length === 0 ? "" : decodeText(bytes).trim();
  const value = /^\d(\.\d*)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
  const label = labels[value];
  if (label === undefined) {
    problems.drop(
      name,
      "label",
      text === "" ? "empty file" : cleanText(text).slice(0, 40),
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
