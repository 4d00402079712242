import { type Prediction, UserError } from "../types.ts";
import { clipKey, clipName } from "./_order.ts";
import { readScoreFile, type ScoreFile, type ScoreFileOptions } from "./score_file.ts";

/** The predictions of several files as one list. */
export interface PooledScoreFiles {
  /** All predictions, file after file. */
  readonly predictions: readonly Prediction[];
  /** How many classes all the files share. */
  readonly classes: number;
  /** Whether the predictions were chosen on the test subjects (`m2m run --peek`): no result. */
  readonly peeked: boolean;
  /** The files, in the order given. */
  readonly files: readonly ScoreFile[];
}

/**
 * Reads files of predictions and pools them, as for the logs of several databases or folds.
 *
 * @param paths MEGC2019 logs and predictions.csv files, mixed as you like.
 * @throws {UserError} As {@linkcode readScoreFile}; if a clip occurs in two files (both places are named); if a file has another
 * number of classes than the first; or if there are no files.
 *
 * @example
 * ```ts
 * import { poolScoreFiles, score } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/a.log`, "smic s1\ns1_ne_02 0 0\n");
 * await Deno.writeTextFile(`${folder}/b.log`, "casme2 sub01\nEP02_01f 1 1\n");
 * const { predictions, classes } = await poolScoreFiles([`${folder}/a.log`, `${folder}/b.log`]);
 * assertEquals(score(predictions, classes).accuracy, 1);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function poolScoreFiles(
  paths: readonly string[],
  options: ScoreFileOptions = {},
): Promise<PooledScoreFiles> {
  const files: ScoreFile[] = [];
  for (const path of paths) files.push(await readScoreFile(path, options));
  const [first] = files;
  if (first === undefined) {
    throw new UserError(
      "Cannot pool scores: no file was given; name a MEGC2019 log or a predictions.csv.",
      2,
    );
  }
  const other = files.find((file) => file.classes !== first.classes);
  if (other) {
    throw new UserError(
      `Cannot pool scores: ${first.path} has ${first.classes} classes, but ${other.path} has ${other.classes}; pool files of one task.`,
    );
  }
  const unlike = files.find((file) => file.peeked !== first.peeked);
  if (unlike) {
    const [peeked, honest] = first.peeked ? [first, unlike] : [unlike, first];
    throw new UserError(
      `Cannot pool scores: the epochs of ${peeked.path} were chosen on the test subjects (--peek), those of ${honest.path} were not; score them apart.`,
    );
  }
  refuseRepeated(files);
  return {
    predictions: files.flatMap((file) => file.predictions),
    classes: first.classes,
    peeked: first.peeked,
    files,
  };
}

function refuseRepeated(files: readonly ScoreFile[]): void {
  const seen = new Map<string, string>();
  const repeated: string[] = [];
  for (const { path, predictions, lines } of files) {
    predictions.forEach((p, i) => {
      const place = `${path} line ${lines[i]}`;
      const before = seen.get(clipKey(p));
      if (before === undefined) seen.set(clipKey(p), place);
      else repeated.push(`${clipName(p)} is in ${before} and in ${place}`);
    });
  }
  if (repeated.length > 0) {
    const more = repeated.length > 5 ? `, and ${repeated.length - 5} more` : "";
    throw new UserError(
      `Cannot pool scores: clip ${repeated.slice(0, 5).join(", ")}${more}; give each clip once.`,
    );
  }
}
