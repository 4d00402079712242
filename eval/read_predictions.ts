import { type Prediction, UserError } from "../types.ts";
import { sum } from "./_counts.ts";
import { addUp, columns, splitCsvLine } from "./_csv.ts";
import { isPeekedLine, peekMeaning } from "./peeked_predictions.ts";
import { LineProblems, parseIndex, type Placed, splitLines } from "./_lines.ts";

/** Options of {@linkcode readPredictions}. */
export interface ReadPredictionsOptions {
  /**
   * What to call the text in messages.
   *
   * @default {"predictions.csv"}
   */
  file?: string;
}

/** Whether a line is the header of a predictions.csv, as far as its first columns tell. */
export function isPredictionsHeader(line: string): boolean {
  const cells = splitCsvLine(line)?.map((cell) => cell.trim());
  return cells !== undefined && columns.every((name, i) => cells[i] === name);
}

/**
 * Reads a `predictions.csv`: a header `database,subject,clip,truth,prediction,p0,p1,...`, then one clip a line, classes as
 * numbers from 0. The probability columns may be absent, or empty for a clip; they add up to 1 within 0.001. A byte order mark and any line ends are accepted.
 *
 * @param csv The text.
 * @returns The predictions in the order of the text.
 * @throws {UserError} If lines cannot be read or a clip occurs twice: one message names every such line. If the file has the mark of
 * {@linkcode writePeekedPredictions}.
 *
 * @example
 * ```ts
 * import { readPredictions } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const csv = "database,subject,clip,truth,prediction,p0,p1\ncasme2,sub01,EP02_01f,1,0,0.75,0.25\n";
 * assertEquals(readPredictions(csv), [{
 *   database: "casme2", subject: "sub01", clip: "EP02_01f", truth: 1, prediction: 0, probabilities: [0.75, 0.25],
 * }]);
 * ```
 */
export function readPredictions(csv: string, options: ReadPredictionsOptions = {}): Prediction[] {
  return readPlacedPredictions(csv, options).placed.map((p) => p.prediction);
}

/** {@linkcode readPredictions} with line numbers and the number of probability columns. */
export function readPlacedPredictions(
  csv: string,
  options: ReadPredictionsOptions = {},
): { placed: Placed[]; classes: number } {
  const file = options.file ?? "predictions.csv";
  const problems = new LineProblems();
  const [header = "", ...lines] = splitLines(csv);
  if (isPeekedLine(header)) {
    throw new UserError(
      `Cannot read ${file}: ${peekMeaning} Give the predictions.csv beside it, or look at it with m2m score.`,
    );
  }
  const names = splitCsvLine(header)?.map((cell) => cell.trim()) ?? [];
  const classes = names.length - columns.length;
  const expected = [...columns, ...Array.from({ length: Math.max(classes, 0) }, (_, k) => `p${k}`)];
  if (expected.join() !== names.join() || classes === 1) {
    problems.add(1, `the columns must be ${columns.join()},p0,p1,..., found ${JSON.stringify(header)}`);
    problems.throwIfAny(file, "correct the header");
  }
  const placed: Placed[] = [];
  lines.forEach((content, i) => {
    if (content.trim() === "") return;
    const result = parseLine(content, classes);
    if (typeof result === "string") problems.add(i + 2, result);
    else placed.push({ line: i + 2, prediction: result });
  });
  problems.addRepeated(placed);
  problems.throwIfAny(file, "correct these lines");
  if (placed.length === 0) problems.add(1, "there are no clips below the header");
  problems.throwIfAny(file, "give a file with predictions");
  return { placed, classes };
}

/** A prediction, or what is wrong with the line. */
function parseLine(content: string, classes: number): Prediction | string {
  const cells = splitCsvLine(content);
  if (cells === undefined) return "quotes do not match";
  if (cells.length !== columns.length + classes) {
    return `${cells.length} cells under ${columns.length + classes} columns`;
  }
  const [database, subject, clip, first, second, ...rest] = cells as [string, string, string, string, string];
  if (!database || !subject || !clip) return "database, subject and clip must not be empty";
  const [truth, prediction] = [parseIndex(first.trim()), parseIndex(second.trim())];
  const limit = classes === 0 ? Infinity : classes;
  if (truth === undefined || prediction === undefined || truth >= limit || prediction >= limit) {
    const range = classes === 0 ? "numbers 0, 1, ..." : `numbers from 0 to ${classes - 1}`;
    return `truth and prediction must be ${range}, found ${JSON.stringify(`${first},${second}`)}`;
  }
  const identity = { database, subject, clip, truth, prediction };
  const texts = (rest as string[]).map((cell) => cell.trim());
  if (texts.every((text) => text === "")) return identity;
  const probabilities = texts.map((text) => (text === "" ? NaN : Number(text)));
  const wrong = probabilities.findIndex((p) => !(p >= 0 && p <= 1));
  if (wrong >= 0) return `p${wrong} must be a number from 0 to 1, found ${JSON.stringify(texts[wrong])}`;
  if (!addUp(probabilities)) return `probabilities must add up to 1, their sum is ${sum(probabilities)}`;
  return { ...identity, probabilities };
}
