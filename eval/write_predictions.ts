import type { Prediction } from "../types.ts";
import { checkPredictions } from "./_check.ts";
import { sum } from "./_counts.ts";
import { addUp, columns, csvCell } from "./_csv.ts";
import { clipName, compareClips } from "./_order.ts";

/**
 * Writes a `predictions.csv`, sorted by database, subject and clip (numbers in names as numbers), with LF line ends. Numbers
 * take the shortest form that reads back as the same number, so equal predictions give equal bytes.
 *
 * @param predictions In any order. All that have probabilities must have equally many.
 * @throws {RangeError} If there are none, a clip occurs twice, a class is out of range, the numbers of probabilities differ, a
 * probability is not in [0, 1], a clip's probabilities do not add up to 1 within 0.001, or a name is empty or has a line end in it.
 *
 * @example
 * ```ts
 * import { readPredictions, writePredictions } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const predictions = [
 *   { database: "samm", subject: "006", clip: "006_1_2", truth: 0, prediction: 1, probabilities: [1 / 3, 2 / 3] },
 * ];
 * const csv = writePredictions(predictions);
 * assertEquals(csv.split("\n")[0], "database,subject,clip,truth,prediction,p0,p1");
 * assertEquals(readPredictions(csv), predictions);
 * ```
 */
export function writePredictions(predictions: readonly Prediction[]): string {
  const task = "write predictions";
  const classes = predictions.find((p) => p.probabilities)?.probabilities?.length ?? 0;
  checkPredictions(task, predictions, classes || 1e6);
  const header = [...columns, ...Array.from({ length: classes }, (_, k) => `p${k}`)];
  const lines = [...predictions].sort(compareClips).map((p) => {
    const { database, subject, clip, truth, prediction, probabilities } = p;
    for (const name of [database, subject, clip]) {
      if (name.trim() === "" || /[\r\n]/.test(name)) {
        throw new RangeError(
          `Cannot ${task}: names must not be empty or have line ends, current clip is ${
            JSON.stringify(clipName(p))
          }`,
        );
      }
    }
    if (probabilities !== undefined && (probabilities.length !== classes || classes < 2)) {
      throw new RangeError(
        `Cannot ${task}: all clips must have the same number of probabilities, at least 2, but ${
          clipName(p)
        } has ${probabilities.length}`,
      );
    }
    const wrong = probabilities?.find((x) => !(x >= 0 && x <= 1));
    if (wrong !== undefined) {
      throw new RangeError(
        `Cannot ${task}: probabilities of ${clipName(p)} must be in [0, 1], current value is ${wrong}`,
      );
    }
    if (probabilities && !addUp(probabilities)) {
      throw new RangeError(
        `Cannot ${task}: probabilities of ${clipName(p)} must add up to 1, current sum is ${
          sum(probabilities)
        }`,
      );
    }
    const cells = probabilities?.map((x) => String(x)) ?? new Array<string>(classes).fill("");
    return [csvCell(database), csvCell(subject), csvCell(clip), truth, prediction, ...cells].join();
  });
  return [header.join(), ...lines].join("\n") + "\n";
}
