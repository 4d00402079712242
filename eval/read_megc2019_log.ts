import { databaseNames, type Prediction } from "../types.ts";
import { LineProblems, parseIndex, type Placed, splitLines } from "./_lines.ts";

/** Options of {@linkcode readMegc2019Log}. */
export interface Megc2019LogOptions {
  /**
   * The database of subjects whose line names the subject alone, as in logs of a single database.
   *
   * @default {undefined} such a line is an error
   */
  database?: string | undefined;
  /**
   * What to call the text in messages.
   *
   * @default {"the MEGC2019 log"}
   */
  file?: string;
}

/** The classes of the MEGC2019 composite, in the order of their numbers in logs. */
export const megc2019Classes = ["negative", "positive", "surprise"] as const;

/**
 * Reads the log format of the MEGC2019 challenge: a line `casme2 sub01` opens a subject, each line
 * `EP02_01f 1 0` below it is a clip, its true class and the predicted one. Blank lines, a byte order mark, any line ends and any
 * amount of white space between fields are accepted.
 *
 * @param text The log.
 * @returns The predictions in the log's order, without probabilities.
 * @throws {UserError} If lines cannot be read or a clip occurs twice: one message names every such line.
 *
 * @example
 * ```ts
 * import { readMegc2019Log } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readMegc2019Log("casme2 sub01\r\nEP02_01f 1 0\r\n"), [
 *   { database: "casme2", subject: "sub01", clip: "EP02_01f", truth: 1, prediction: 0 },
 * ]);
 * ```
 */
export function readMegc2019Log(text: string, options: Megc2019LogOptions = {}): Prediction[] {
  return readPlacedLog(text, options).map((p) => p.prediction);
}

/** {@linkcode readMegc2019Log} with line numbers. */
export function readPlacedLog(text: string, options: Megc2019LogOptions = {}): Placed[] {
  const problems = new LineProblems();
  const placed: Placed[] = [];
  const databases = new Set<string>(databaseNames);
  let open: { database: string; subject: string; line: number; clips: number } | undefined;
  const begin = (database: string, subject: string, line: number) => {
    if (open?.clips === 0) problems.add(open.line, `subject ${open.subject} has no clips`);
    open = { database, subject, line, clips: 0 };
    databases.add(database);
  };
  splitLines(text).forEach((content, i) => {
    const line = i + 1;
    const fields = content.trim().split(/\s+/);
    const [first = "", second = "", third = ""] = fields;
    if (first === "") return;
    // "EP02_01f 1" is a clip without its prediction, not subject 1 of a database EP02_01f.
    const cut = fields.length === 2 && open !== undefined && /^\d$/.test(second) && !databases.has(first);
    if (fields.length === 2 && !cut) return begin(first, second, line);
    if (fields.length === 1 && options.database !== undefined) return begin(options.database, first, line);
    if (open) open.clips++;
    const [truth, prediction] = [parseIndex(second), parseIndex(third)];
    if (cut) problems.add(line, "a clip without its prediction");
    else if (fields.length !== 3) {
      problems.add(line, `found ${fields.length} fields, not "database subject" or "clip truth prediction"`);
    } else if (truth === undefined || prediction === undefined) {
      problems.add(line, `classes must be numbers 0, 1, ..., found ${JSON.stringify(`${second} ${third}`)}`);
    } else if (open === undefined) problems.add(line, "a clip before the first line that names a subject");
    else {
      const { database, subject } = open;
      placed.push({ line, prediction: { database, subject, clip: first, truth, prediction } });
    }
  });
  if (open?.clips === 0) problems.add(open.line, `subject ${open.subject} has no clips`);
  problems.addRepeated(placed);
  const file = options.file ?? "the MEGC2019 log";
  problems.throwIfAny(file, "correct these lines");
  if (placed.length === 0) problems.add(1, "there are no clips");
  problems.throwIfAny(file, "give a log with predictions");
  return placed;
}
