import type { Prediction } from "../../types.ts";

/** Predictions of one subject a line: "casme2 sub01 0:1 2:2" is two clips with truth:prediction. */
export function predictions(text: string): Prediction[] {
  return text.trim().split("\n").flatMap((line) => {
    const [database = "", subject = "", ...pairs] = line.trim().split(/\s+/);
    return pairs.map((pair, i) => {
      const [truth = NaN, prediction = NaN] = pair.split(":").map(Number);
      return { database, subject, clip: `${subject}_${i + 1}`, truth, prediction };
    });
  });
}
