import { type Prediction, UserError } from "../types.ts";
import { clipKey, clipName, compareClips } from "./_order.ts";

/** Lists of predictions under the name of what made them. */
export interface NamedLists {
  /** For messages. */
  readonly name: string;
  /** One list a seed. */
  readonly lists: readonly (readonly Prediction[])[];
}

/** The same lists over the same clips in the same order, and what was left out for it. */
export interface AlignedLists {
  /** As given, each list sorted by clip. */
  readonly lists: readonly (readonly (readonly Prediction[])[])[];
  /** For each the clips that the others lack. */
  readonly leftOut: readonly (readonly string[])[];
}

/**
 * Brings lists to the same clips. Other clips are refused, or left out where only the common ones are asked for; another truth of a clip is always
 * refused.
 */
export function alignClips(all: readonly NamedLists[], common: boolean): AlignedLists {
  const flat = all.flatMap(({ name, lists }) => lists.map((predictions) => ({ name, predictions })));
  const sets = flat.map(({ predictions }) => new Set(predictions.map(clipKey)));
  const shared = new Set(
    [...sets[0] ?? []].filter((key) => sets.every((set) => set.has(key))),
  );
  if (!common) refuseOthers(all, shared);
  if (shared.size === 0) {
    throw new UserError(
      `Cannot compare ${
        all.map(({ name }) => name).join(", ")
      }: they have no clip in common; compare runs of one task.`,
    );
  }
  const lists = all.map(({ lists }) =>
    lists.map((predictions) => predictions.filter((p) => shared.has(clipKey(p))).sort(compareClips))
  );
  refuseOtherTruths(all, lists);
  return { lists, leftOut: all.map((named) => others(named, shared)) };
}

function others({ lists }: NamedLists, shared: ReadonlySet<string>): string[] {
  const odd = new Map<string, Prediction>();
  for (const p of lists.flat()) if (!shared.has(clipKey(p))) odd.set(clipKey(p), p);
  return [...odd.values()].sort(compareClips).map(clipName);
}

function refuseOthers(all: readonly NamedLists[], shared: ReadonlySet<string>): void {
  const lacking = all.map((named) => ({ name: named.name, clips: others(named, shared) }))
    .filter(({ clips }) => clips.length > 0);
  if (lacking.length === 0) return;
  const list = lacking.map(({ name, clips }) =>
    `${name} has ${clips.length === 1 ? "1 clip" : `${clips.length} clips`} that not all have (${
      some(clips)
    })`
  );
  throw new UserError(
    `Cannot compare ${all.map(({ name }) => name).join(", ")}: they are over different clips: ${
      list.join("; ")
    }; compare runs of one task, or only the ${shared.size} common clips with --common.`,
  );
}

function refuseOtherTruths(
  all: readonly NamedLists[],
  lists: readonly (readonly (readonly Prediction[])[])[],
): void {
  const [first] = lists[0]!;
  lists.forEach((own, r) => {
    for (const list of own) {
      const other = list.filter((p, i) => p.truth !== first![i]!.truth);
      if (other.length === 0) continue;
      const clips = other.map((p) => {
        const of = first!.find((q) => clipKey(q) === clipKey(p))!;
        return `${clipName(p)}: ${of.truth} and ${p.truth}`;
      });
      throw new UserError(
        `Cannot compare ${all[0]!.name} and ${all[r]!.name}: they have different true classes of ${
          other.length === 1 ? "1 clip" : `${other.length} clips`
        } (${some(clips)}); compare runs with the same labels.`,
      );
    }
  });
}

function some(names: readonly string[]): string {
  return names.length <= 3 ? names.join(", ") : `${names.slice(0, 3).join(", ")}, ...`;
}
