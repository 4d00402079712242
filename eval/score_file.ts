import { type Prediction, UserError } from "../types.ts";
import { megc2019Classes, readPlacedLog } from "./read_megc2019_log.ts";
import { splitLines } from "./_lines.ts";
import { isPeekedLine, withoutPeekMarks } from "./peeked_predictions.ts";
import { isPredictionsHeader, readPlacedPredictions } from "./read_predictions.ts";

/** The predictions of a file. */
export interface ScoreFile {
  /** The file, as it was named. */
  readonly path: string;
  /** Which of the two formats it has. */
  readonly format: "megc2019" | "predictions";
  /** The predictions, in the file's order. */
  readonly predictions: readonly Prediction[];
  /** The line of each prediction, counted from 1. */
  readonly lines: readonly number[];
  /**
   * How many classes the file speaks of: the probability columns of a predictions.csv; without those, as many as its numbers
   * need; in a MEGC2019 log the same, but at least the challenge's three.
   */
  readonly classes: number;
  /** Whether the predictions were chosen on the test subjects (`m2m run --peek`): no result. */
  readonly peeked: boolean;
}

/** Options of {@linkcode readScoreFile} and {@linkcode poolScoreFiles}. */
export interface ScoreFileOptions {
  /**
   * The database of a MEGC2019 log whose subject lines name the subject alone.
   *
   * @default {undefined} such a line is an error
   */
  database?: string | undefined;
}

/**
 * Reads the predictions of a file, a MEGC2019 log or a predictions.csv: the first line that is not blank tells which.
 *
 * @param path The file.
 * @throws {UserError} If the file is missing, empty, not text, in neither format, or has wrong lines: all of them are named.
 *
 * @example
 * ```ts
 * import { readScoreFile } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "smic s1\ns1_ne_02 0 1\n");
 * const { format, classes, predictions } = await readScoreFile(path);
 * assertEquals([format, classes, predictions.length], ["megc2019", 3, 1]);
 * await Deno.remove(path);
 * ```
 */
export async function readScoreFile(path: string, options: ScoreFileOptions = {}): Promise<ScoreFile> {
  const text = await readText(path);
  const first = splitLines(text).find((line) => line.trim() !== "");
  if (first === undefined) {
    throw new UserError(`Cannot read ${path}: the file is empty; give a MEGC2019 log or a predictions.csv.`);
  }
  if (isPeekedLine(first)) {
    const { placed, classes } = readPlacedPredictions(withoutPeekMarks(text, path), { file: path });
    return { ...file(path, "predictions", placed, classes || 2), peeked: true };
  }
  if (isPredictionsHeader(first) || /^"?database"?\s*,/.test(first)) {
    const { placed, classes } = readPlacedPredictions(text, { file: path });
    return file(path, "predictions", placed, classes || 2);
  }
  if (first.includes(",")) {
    throw new UserError(
      `Cannot read ${path}: it is neither a MEGC2019 log (a line "casme2 sub01", then "clip truth prediction" lines) nor a predictions.csv (header database,subject,clip,truth,prediction,p0,p1,...) but begins with ${
        JSON.stringify(first.slice(0, 80))
      }; give one of the two.`,
    );
  }
  const placed = readPlacedLog(text, { file: path, database: options.database });
  return file(path, "megc2019", placed, megc2019Classes.length);
}

function file(
  path: string,
  format: ScoreFile["format"],
  placed: readonly { prediction: Prediction; line: number }[],
  atLeast: number,
): ScoreFile {
  const predictions = placed.map((p) => p.prediction);
  const classes = predictions.reduce((most, p) => Math.max(most, p.truth + 1, p.prediction + 1), atLeast);
  return { path, format, predictions, lines: placed.map((p) => p.line), classes, peeked: false };
}

async function readText(path: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await Deno.readFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new UserError(`Cannot read ${path}: there is no such file; check the path.`);
    }
    if (error instanceof TypeError) {
      throw new UserError(`Cannot read ${path}: it is not UTF-8 text; save it as UTF-8.`);
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`Cannot read ${path}: ${reason}; give a file that can be read.`);
  }
}
