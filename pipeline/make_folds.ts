import { holdOutDatabase, leaveOneSubjectOut, samePerson } from "../eval/mod.ts";
import { nearest } from "../nearest.ts";
import { type ClipIdentity, type Fold, UserError } from "../types.ts";
import type { Pipeline } from "./schema.ts";

/** The folds of a pipeline's protocol over clips. */
export function makeFolds(pipeline: Pipeline, clips: readonly ClipIdentity[]): Fold[] {
  const { protocol, hde, identities = [] } = pipeline;
  return protocol === "hde"
    ? holdOutDatabase(clips, { directions: hde?.directions, identities })
    : leaveOneSubjectOut(clips, { identities });
}

/** Identities that name a subject without clips are mistyped, or declared for another edition: a person would slip through. */
export function refuseUnknownSubjects(
  { identities = [] }: Pick<Pipeline, "identities">,
  clips: readonly ClipIdentity[],
  root: string,
): void {
  const subjects = [...new Set(clips.map(({ database, subject }) => `${database}/${subject}`))];
  for (const subject of identities.flat()) {
    if (subjects.includes(subject)) continue;
    const own = subjects.filter((name) => name.startsWith(subject.slice(0, subject.indexOf("/") + 1)));
    throw new UserError(
      `Cannot tell who ${subject} of identities is: no clip below ${root} is of that subject${
        nearest(subject, own)
      }.`,
      2,
    );
  }
}

/**
 * MaNet serves all folds, so it must not see anybody who is tested in one: macro clips of a person who also has micro clips are left out.
 */
export function withoutMicroPersons<C extends ClipIdentity>(
  { identities = [] }: Pick<Pipeline, "identities">,
  macro: readonly C[],
  micro: readonly ClipIdentity[],
): C[] {
  const person = samePerson(identities);
  const persons = new Set(micro.map(person));
  return macro.filter((clip) => !persons.has(person(clip)));
}
