import type { Sample } from "../../types.ts";

/**
 * At most `count` clips that stand for all: labels take turns, the most frequent first, and each takes a clip of the subject who has the fewest
 * so far. Given in their own order. Nothing is random.
 */
export function sampled(samples: readonly Sample[], count: number): Sample[] {
  const waiting = [...Map.groupBy(samples, ({ label }) => label).values()]
    .sort((a, b) => b.length - a.length || (a[0]!.label < b[0]!.label ? -1 : 1));
  const taken = new Set<Sample>(), times = new Map<string, number>();
  const timesOf = ({ subject }: Sample) => times.get(subject) ?? 0;
  while (taken.size < Math.min(count, samples.length)) {
    for (const clips of waiting) {
      if (clips.length === 0 || taken.size === count) continue;
      const best = clips.reduce((a, b) => timesOf(b) < timesOf(a) ? b : a);
      clips.splice(clips.indexOf(best), 1);
      taken.add(best);
      times.set(best.subject, timesOf(best) + 1);
    }
  }
  return samples.filter((sample) => taken.has(sample));
}
