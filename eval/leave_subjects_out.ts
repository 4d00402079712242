import { seededRandom } from "../engine/random.ts";
import { type ClipIdentity, type Fold, UserError } from "../types.ts";
import { compareNames } from "./_order.ts";
import { type Identities, samePerson } from "./same_person.ts";

/** How subjects are put together. */
export interface LeaveSubjectsOutOptions {
  /** How many groups there are. Give this or `subjectsOut`. */
  groups?: number | undefined;
  /** k, how many subjects a group has; the last ones may have one less. */
  subjectsOut?: number | undefined;
  /**
   * Draws who comes together.
   *
   * @default {1}
   */
  seed?: number | string;
  /**
   * Subjects that are one person, who stays in one group.
   *
   * @default {[]}
   */
  identities?: Identities;
}

/**
 * The folds of leave-k-subjects-out validation: the subjects are dealt into groups, each of which is held out once while all others
 * train. Within every database they are shuffled, then dealt round, on across databases, so that groups hold of every database
 * about the same number of subjects. The same samples and seed give the same groups, whatever the order of the samples.
 *
 * @param samples Anything that names its clip; the folds hold positions in this list, ascending. Folds are named `1`, `2`, ...
 * @throws {RangeError} If neither or both of `groups` and `subjectsOut` are given, or one is no positive integer.
 * @throws {UserError} If there are too few subjects for two groups.
 *
 * @example
 * ```ts
 * import { leaveSubjectsOut } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const samples = ["s1", "s2", "s3", "s4"].map((subject) => ({ database: "smic", subject, clip: "a" }));
 * const folds = leaveSubjectsOut(samples, { subjectsOut: 2 });
 * assertEquals(folds.map((fold) => fold.name), ["1", "2"]);
 * assertEquals(folds.flatMap((fold) => fold.test).sort(), [0, 1, 2, 3]);
 * assertEquals(folds[0]?.train, folds[1]?.test);
 * ```
 */
export function leaveSubjectsOut(
  samples: readonly ClipIdentity[],
  options: LeaveSubjectsOutOptions,
): Fold[] {
  const { groups, subjectsOut, seed = 1, identities } = options;
  const given = groups ?? subjectsOut;
  if (given === undefined || (groups !== undefined && subjectsOut !== undefined)) {
    throw new RangeError("Cannot leave subjects out: give groups or subjectsOut, one of the two");
  }
  if (!Number.isInteger(given) || given < 1) {
    throw new RangeError(
      `Cannot leave subjects out: ${
        groups === undefined ? "subjectsOut" : "groups"
      } must be a positive integer, current value is ${given}`,
    );
  }
  const person = samePerson(identities);
  const persons = new Map<string, string>(); // to the database that counts for the deal
  for (const sample of samples) {
    const known = persons.get(person(sample));
    if (known === undefined || compareNames(sample.database, known) < 0) {
      persons.set(person(sample), sample.database);
    }
  }
  const count = Math.min(persons.size, groups ?? Math.ceil(persons.size / given));
  if (count < 2) {
    throw new UserError(
      `Cannot leave ${
        subjectsOut === undefined ? "subjects" : `${subjectsOut} subjects at a time`
      } out: there are ${persons.size} subjects, which make ${count} group; two are needed.`,
    );
  }
  const databases = [...new Set(persons.values())].sort(compareNames);
  const order = databases.flatMap((database) => {
    const own = [...persons].filter(([, of]) => of === database).map(([name]) => name).sort(compareNames);
    return seededRandom(seed).fork(`leave subjects out/${database}`).shuffle(own);
  });
  const groupOf = new Map(order.map((name, i) => [name, i % count]));
  return Array.from({ length: count }, (_, group) => {
    const positions = samples.map((_, i) => i);
    const held = (i: number) => groupOf.get(person(samples[i] as ClipIdentity)) === group;
    return {
      name: String(group + 1),
      database: "*",
      subject: "*",
      train: positions.filter((i) => !held(i)),
      test: positions.filter(held),
    };
  });
}
