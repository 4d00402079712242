import type { Seen } from "./messages.ts";

/** A probability in words, `83 %`. */
export function percent(probability: number): string {
  return `${(100 * probability).toFixed(probability > 0.995 || probability < 0.005 ? 1 : 0)} %`;
}

/** A window in words. */
export function stretch({ window }: Seen): string {
  return `${window.from.time.toFixed(2)} to ${window.to.time.toFixed(2)} s`;
}

/** What the strongest windows say, one sentence. */
export function answerOf(seen: readonly Seen[]): string {
  const peaks = seen.filter(({ window }) => window.peak),
    told = (peaks.length > 0 ? peaks : seen).slice(0, 3);
  return told.map((one) =>
    `Face ${one.face}, ${stretch(one)}: ${one.window.label}, ${
      percent(one.window.probabilities[one.window.class] ?? 0)
    }.`
  )
    .join(" ");
}
