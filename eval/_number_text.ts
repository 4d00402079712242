import type { Interval } from "./bootstrap_interval.ts";

/** A p-value as text: `0.043`, `1.2e-5`, `< 1e-12`. */
export function pText(p: number): string {
  return p < 1e-12 ? "< 1e-12" : p < 0.001 ? p.toExponential(1) : p.toFixed(3);
}

/** A difference with its sign; what rounds to 0 has none. */
export function signed(x: number): string {
  const text = x.toFixed(3);
  return /^-?0\.0+$/.test(text) ? text.replace("-", "") : x > 0 ? `+${text}` : text;
}

/** An interval as `[0.671, 0.785]`. */
export function intervalText({ low, high }: Interval, text = (x: number): string => x.toFixed(3)): string {
  return `[${text(low)}, ${text(high)}]`;
}

/** Seeds as text, runs of numbers as ranges. */
export function seedList(seeds: readonly (number | undefined)[]): string {
  const numbers = seeds.filter((seed) => seed !== undefined);
  if (numbers.length === 0) return "-";
  const runs: [number, number][] = [];
  for (const seed of numbers) {
    const last = runs.at(-1);
    if (last && seed === last[1] + 1) last[1] = seed;
    else runs.push([seed, seed]);
  }
  return runs.map(([a, b]) => a === b ? a : b === a + 1 ? `${a},${b}` : `${a}..${b}`).join(",");
}
