import { type ClipIdentity, type Fold, UserError } from "../types.ts";
import { compareNames } from "./_order.ts";

/**
 * The folds of leave-one-subject-out (LOSO) validation: one for each subject, held out for testing while all others train.
 *
 * A subject is known by database and name together, since different databases reuse names; on a pool of
 * databases this makes the composite database evaluation (CDE) of MEGC2019. Folds are ordered by database and subject,
 * numbers in names as numbers, so that the order does not depend on the order of the samples.
 *
 * @param samples Anything that names its clip; the folds hold positions in this list, ascending.
 * @throws {UserError} If there are fewer than two subjects: nothing would be left to train on.
 *
 * @example
 * ```ts
 * import { leaveOneSubjectOut } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const folds = leaveOneSubjectOut([
 *   { database: "smic", subject: "s10", clip: "a" },
 *   { database: "smic", subject: "s2", clip: "a" },
 *   { database: "smic", subject: "s10", clip: "b" },
 * ]);
 * assertEquals(folds.map((fold) => fold.name), ["smic/s2", "smic/s10"]);
 * assertEquals(folds[1], { name: "smic/s10", database: "smic", subject: "s10", train: [1], test: [0, 2] });
 * ```
 */
export function leaveOneSubjectOut(samples: readonly ClipIdentity[]): Fold[] {
  const subjects = new Map<string, { database: string; subject: string; test: number[] }>();
  samples.forEach(({ database, subject }, i) => {
    const key = JSON.stringify([database, subject]);
    const known = subjects.get(key);
    if (known) known.test.push(i);
    else subjects.set(key, { database, subject, test: [i] });
  });
  if (subjects.size < 2) {
    const found = [...subjects.values()].map((s) =>
      `all ${s.test.length} clips are of ${s.database}/${s.subject}`
    );
    throw new UserError(
      `Cannot leave one subject out: ${
        found[0] ?? "there are no clips"
      }; add clips of at least two subjects.`,
    );
  }
  return [...subjects.values()]
    .sort((a, b) => compareNames(a.database, b.database) || compareNames(a.subject, b.subject))
    .map(({ database, subject, test }) => {
      const held = new Set(test);
      const train = samples.map((_, i) => i).filter((i) => !held.has(i));
      return { name: `${database}/${subject}`, database, subject, train, test };
    });
}
