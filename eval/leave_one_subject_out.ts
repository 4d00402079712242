import { type ClipIdentity, type Fold, UserError } from "../types.ts";
import { compareNames } from "./_order.ts";
import { type Identities, samePerson } from "./same_person.ts";

/** What is known beside the samples. */
export interface LeaveOneSubjectOutOptions {
  /**
   * Subjects that are one person; such a person is one fold, which is named by the first subject.
   *
   * @default {[]}
   */
  identities?: Identities;
}

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
export function leaveOneSubjectOut(
  samples: readonly ClipIdentity[],
  options: LeaveOneSubjectOutOptions = {},
): Fold[] {
  const person = samePerson(options.identities);
  const persons = new Map<string, { database: string; subject: string; test: number[] }>();
  samples.forEach((sample, i) => {
    const { database, subject } = sample;
    const known = persons.get(person(sample));
    if (!known) {
      persons.set(person(sample), { database, subject, test: [i] });
      return;
    }
    known.test.push(i);
    if (order({ database, subject }, known) < 0) Object.assign(known, { database, subject });
  });
  if (persons.size < 2) {
    const found = [...persons.values()].map((s) =>
      `all ${s.test.length} clips are of ${s.database}/${s.subject}`
    );
    throw new UserError(
      `Cannot leave one subject out: ${
        found[0] ?? "there are no clips"
      }; add clips of at least two subjects.`,
    );
  }
  return [...persons.values()].sort(order).map(({ database, subject, test }) => {
    const held = new Set(test);
    const train = samples.map((_, i) => i).filter((i) => !held.has(i));
    return { name: `${database}/${subject}`, database, subject, train, test };
  });
}

function order(
  a: { readonly database: string; readonly subject: string },
  b: { readonly database: string; readonly subject: string },
): number {
  return compareNames(a.database, b.database) || compareNames(a.subject, b.subject);
}
