import type { Sample } from "../../types.ts";

/**
 * At most `count` clips that stand for all: labels take turns, the most frequent first; within a label clips of a subject that was not
 * taken for it yet come first. Given in their own order. Nothing is random.
 */
export function sampled(samples: readonly Sample[], count: number): Sample[] {
  const byLabel = [...Map.groupBy(samples, ({ label }) => label).values()]
    .sort((a, b) => b.length - a.length || (a[0]!.label < b[0]!.label ? -1 : 1))
    .map(subjectsInTurn);
  const taken = new Set<Sample>();
  for (let round = 0; taken.size < Math.min(count, samples.length); round++) {
    for (const clips of byLabel) {
      const clip = clips[round];
      if (clip !== undefined && taken.size < count) taken.add(clip);
    }
  }
  return samples.filter((sample) => taken.has(sample));
}

/** First one clip of each subject, then a second one, ... */
function subjectsInTurn(samples: readonly Sample[]): Sample[] {
  const bySubject = [...Map.groupBy(samples, ({ subject }) => subject).values()], out: Sample[] = [];
  for (let round = 0; out.length < samples.length; round++) {
    for (const clips of bySubject) if (clips[round] !== undefined) out.push(clips[round]!);
  }
  return out;
}
