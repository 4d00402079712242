import type { MethodSample } from "../types.ts";

/**
 * What every method of the contract asks of its training clips: there is one, and each has a class of the task.
 *
 * @param name The method, for the message.
 * @param samples The training clips.
 * @param classes How many classes the task has.
 * @throws {RangeError} If there is no clip or a class is not among the task's.
 *
 * @example
 * ```ts
 * import { checkMethodSamples } from "@macro2micro/mer/models";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(() => checkMethodSamples("lbp-top", [], 3), RangeError, "no clip to train on");
 * ```
 */
export function checkMethodSamples(name: string, samples: readonly MethodSample[], classes: number): void {
  if (samples.length === 0) throw new RangeError(`Cannot train ${name}: there is no clip to train on`);
  for (const { classIndex, database, subject, clip } of samples) {
    if (Number.isInteger(classIndex) && classIndex >= 0 && classIndex < classes) continue;
    throw new RangeError(
      `Cannot train ${name}: classes are 0 to ${
        classes - 1
      }, ${database}/${subject}/${clip} is of ${classIndex}`,
    );
  }
}
