/**
 * Groups of subjects that are one person, each subject as `database/subject`. Different databases were recorded in the same laboratories, so
 * a person may be in two of them; no database says so, whoever knows it declares it.
 */
export type Identities = readonly (readonly string[])[];

/**
 * Who a subject is: two subjects with the same key are one person. Without identities every subject of every database is a
 * person of its own, whatever the names.
 *
 * @param identities Groups of subjects that are one person.
 * @returns A function from a clip's database and subject to the person's key.
 *
 * @example
 * ```ts
 * import { samePerson } from "@macro2micro/mer/eval";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const person = samePerson([["casme2/sub01", "samm/006"]]);
 * assertEquals(person({ database: "samm", subject: "006" }), person({ database: "casme2", subject: "sub01" }));
 * assert(person({ database: "smic", subject: "006" }) !== person({ database: "samm", subject: "006" }));
 * ```
 */
export function samePerson(
  identities: Identities = [],
): (clip: { readonly database: string; readonly subject: string }) => string {
  const first = new Map(
    identities.flatMap((group) => group.map((subject) => [subject, group[0] as string] as const)),
  );
  return ({ database, subject }) => {
    const name = `${database}/${subject}`;
    return first.get(name) ?? JSON.stringify([database, subject]);
  };
}
