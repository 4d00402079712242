import type { Prediction } from "../types.ts";
import { clipKey, clipName } from "./_order.ts";

/** The names of a task's classes; a number gives "0", "1", ... */
export function classNames(task: string, classes: readonly string[] | number): readonly string[] {
  const length = typeof classes === "number" ? classes : classes.length;
  if (!Number.isInteger(length) || length < 1) {
    throw new RangeError(`Cannot ${task}: there must be at least one class, current number is ${length}`);
  }
  return typeof classes === "number" ? Array.from({ length }, (_, k) => String(k)) : classes;
}

/** Refuses an empty list, a repeated clip and classes out of range. */
export function checkPredictions(task: string, predictions: readonly Prediction[], classes: number): void {
  if (predictions.length === 0) throw new RangeError(`Cannot ${task}: there are none`);
  const seen = new Set<string>();
  for (const p of predictions) {
    for (const name of ["truth", "prediction"] as const) {
      if (!Number.isInteger(p[name]) || p[name] < 0 || p[name] >= classes) {
        throw new RangeError(
          `Cannot ${task}: ${name} of clip ${
            clipName(p)
          } must be an integer in [0, ${classes}), current value is ${p[name]}`,
        );
      }
    }
    const key = clipKey(p);
    if (seen.has(key)) throw new RangeError(`Cannot ${task}: clip ${clipName(p)} occurs twice`);
    seen.add(key);
  }
}
