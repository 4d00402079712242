import { type Prediction, UserError } from "../types.ts";
import { splitLines } from "./_lines.ts";
import { writePredictions } from "./write_predictions.ts";

/**
 * The mark of everything that was chosen on the test subjects: in names of files, in every line of such a file, as a key in JSON, in tables.
 *
 * @example
 * ```ts
 * import { peekMark } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(peekMark, "PEEKED");
 * ```
 */
export const peekMark = "PEEKED";

/** What the mark means, one sentence. */
export const peekMeaning: string =
  "PEEKED: the best epoch was chosen on the test subjects, so this is no result; it only measures how much such a choice inflates.";

/**
 * Writes predictions that were chosen on the test subjects: a `predictions.csv` whose every line begins with a cell `PEEKED`, so that neither
 * another name of the file nor a part of it can pass for a result. Readers of `predictions.csv` that do not know the mark
 * find no column where they look for one.
 *
 * @param predictions As for {@linkcode writePredictions}.
 * @throws {RangeError} As {@linkcode writePredictions}.
 *
 * @example
 * ```ts
 * import { writePeekedPredictions } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const csv = writePeekedPredictions([{ database: "samm", subject: "006", clip: "006_1_2", truth: 0, prediction: 1 }]);
 * assertEquals(csv, "PEEKED,database,subject,clip,truth,prediction\nPEEKED,samm,006,006_1_2,0,1\n");
 * ```
 */
export function writePeekedPredictions(predictions: readonly Prediction[]): string {
  return writePredictions(predictions).replaceAll(/^(?=.)/gm, `${peekMark},`);
}

/** Whether a line of a CSV file has the mark. */
export function isPeekedLine(line: string): boolean {
  return /^"?PEEKED"?\s*(,|$)/.test(line);
}

/** The text without the marks, the same lines; refuses a file that is marked in part. */
export function withoutPeekMarks(text: string, file: string): string {
  return splitLines(text).map((line, i) => {
    if (line.trim() === "") return line;
    if (!isPeekedLine(line)) {
      throw new UserError(
        `Cannot read ${file}: line ${
          i + 1
        } lacks the mark ${peekMark} that the others have; give the file as m2m run --peek wrote it.`,
      );
    }
    return line.replace(/^"?PEEKED"?\s*,?/, "");
  }).join("\n");
}
