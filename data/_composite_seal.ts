import type { CompositeEntry } from "./composite.ts";
import type { SealedRow } from "./_seal.ts";

/** The entries of a list as its seal sees them. */
export function sealedEntries(list: readonly CompositeEntry[]): SealedRow[] {
  return list.map(({ database, subject, clip, classIndex }) => ({
    name: `${database}/${subject}/${clip}`,
    content: BigInt(classIndex + 1),
  }));
}
