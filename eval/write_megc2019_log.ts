import type { Prediction } from "../types.ts";
import { checkPredictions } from "./_check.ts";
import { clipName, compareClips } from "./_order.ts";

/**
 * Writes the log format of the MEGC2019 challenge, sorted by database, subject and clip, with LF line ends. Probabilities have
 * no place in it.
 *
 * @param predictions In any order.
 * @throws {RangeError} If there are none, a clip occurs twice, a class is not an integer >= 0, or a name is empty or has white
 * space in it.
 *
 * @example
 * ```ts
 * import { writeMegc2019Log } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const text = writeMegc2019Log([
 *   { database: "smic", subject: "s10", clip: "s10_ne_01", truth: 0, prediction: 2 },
 *   { database: "smic", subject: "s2", clip: "s2_po_01", truth: 1, prediction: 1 },
 * ]);
 * assertEquals(text, "smic s2\ns2_po_01 1 1\nsmic s10\ns10_ne_01 0 2\n");
 * ```
 */
export function writeMegc2019Log(predictions: readonly Prediction[]): string {
  const task = "write MEGC2019 log";
  checkPredictions(task, predictions, 1e6);
  const lines: string[] = [];
  let open = "";
  for (const p of [...predictions].sort(compareClips)) {
    for (const name of [p.database, p.subject, p.clip]) {
      if (!/^\S+$/.test(name)) {
        throw new RangeError(
          `Cannot ${task}: names must not be empty or have white space, current clip is ${clipName(p)}`,
        );
      }
    }
    const subject = `${p.database} ${p.subject}`;
    if (subject !== open) lines.push(subject);
    open = subject;
    lines.push(`${p.clip} ${p.truth} ${p.prediction}`);
  }
  return lines.join("\n") + "\n";
}
