import { seededRandom } from "../../engine/random.ts";
import type { ClipIdentity, MethodSample } from "../../types.ts";

/**
 * Groups of clips, no subject in two of them, about equally large: subjects in an order drawn from the seed, the larger ones first, each to the group that
 * has fewest clips. Fewer groups where there are fewer subjects.
 *
 * @returns The group of each clip, and how many groups there are.
 */
export function subjectSplits(
  clips: readonly (ClipIdentity & Pick<MethodSample, "person">)[],
  most: number,
  seed: number,
): { groups: Int32Array; count: number } {
  const bySubject = new Map<string, number[]>();
  clips.forEach(({ database, subject, person: name = `${database}/${subject}` }, i) => {
    const found = bySubject.get(name);
    if (found) found.push(i);
    else bySubject.set(name, [i]);
  });
  const names = [...bySubject.keys()].sort(); // the order of the clips has no part in it
  const subjects = seededRandom(seed).fork("inner splits").shuffle(names)
    .map((name) => bySubject.get(name) as number[])
    .sort((a, b) => b.length - a.length);
  const count = Math.min(most, subjects.length);
  const sizes = new Array<number>(count).fill(0), groups = new Int32Array(clips.length);
  for (const of of subjects) {
    const least = sizes.indexOf(Math.min(...sizes));
    sizes[least]! += of.length;
    for (const i of of) groups[i] = least;
  }
  return { groups, count };
}
