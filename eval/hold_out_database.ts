import { type ClipIdentity, type Fold, UserError } from "../types.ts";
import { compareNames } from "./_order.ts";
import { type Identities, samePerson } from "./same_person.ts";

/** Which databases train, which one is tested. */
export interface Direction {
  /** Databases to train on. */
  readonly train: readonly string[];
  /** The database to test, none of `train`. */
  readonly test: string;
}

/** What is known beside the samples. */
export interface HoldOutDatabaseOptions {
  /**
   * What trains and what is tested, each database tested once at most.
   *
   * @default {undefined} each database in turn, by networks trained on all others
   */
  directions?: readonly Direction[] | undefined;
  /**
   * Subjects that are one person. Clips of a person who is tested do not train, though another database has them.
   *
   * @default {[]}
   */
  identities?: Identities;
}

/**
 * The folds of holdout-database evaluation (HDE): train on some databases, test on another, which training has never seen. A fold is
 * named by the tested database; its subject is `*`.
 *
 * @param samples Anything that names its clip; the folds hold positions in this list, ascending.
 * @throws {UserError} If there are fewer than two databases, or a direction has no clip to train on or to test.
 *
 * @example
 * ```ts
 * import { holdOutDatabase } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const samples = ["casme2", "samm", "samm"].map((database, i) => ({ database, subject: "1", clip: String(i) }));
 * const folds = holdOutDatabase(samples, { directions: [{ train: ["casme2"], test: "samm" }] });
 * assertEquals(folds, [{ name: "samm", database: "samm", subject: "*", train: [0], test: [1, 2] }]);
 * assertEquals(holdOutDatabase(samples).map((fold) => fold.name), ["casme2", "samm"]);
 * ```
 */
export function holdOutDatabase(
  samples: readonly ClipIdentity[],
  options: HoldOutDatabaseOptions = {},
): Fold[] {
  const person = samePerson(options.identities);
  const databases = [...new Set(samples.map((sample) => sample.database))].sort(compareNames);
  if (databases.length < 2) {
    throw new UserError(
      `Cannot hold out a database: ${
        databases.length === 0 ? "there are no clips" : `all clips are of ${databases[0]}`
      }; add another database.`,
    );
  }
  const directions = options.directions ??
    databases.map((test) => ({ train: databases.filter((name) => name !== test), test }));
  return directions.map(({ train: from, test: held }) => {
    const positions = samples.map((_, i) => i);
    const test = positions.filter((i) => samples[i]?.database === held);
    const tested = new Set(test.map((i) => person(samples[i] as ClipIdentity)));
    const train = positions.filter((i) => {
      const sample = samples[i] as ClipIdentity;
      return from.includes(sample.database) && sample.database !== held && !tested.has(person(sample));
    });
    for (
      const [what, clips, names] of [["train on", train, from.join(", ")], ["test", test, held]] as const
    ) {
      if (clips.length > 0) continue;
      throw new UserError(
        `Cannot hold out ${held}: there is no clip to ${what} of ${names}; add that database or change the direction.`,
      );
    }
    return { name: held, database: held, subject: "*", train, test };
  });
}
