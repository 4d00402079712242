import type { Problem } from "../../types.ts";

/** The same thing noted twice, by the table and by the folder, is told once: the first words, left out where either says so. */
export function mergeProblems(problems: readonly Problem[]): Problem[] {
  const merged = new Map<string, Problem>();
  for (const problem of problems) {
    const key = JSON.stringify([problem.clip, problem.field, problem.found]), same = merged.get(key);
    merged.set(key, same === undefined ? problem : { ...same, dropped: same.dropped || problem.dropped });
  }
  return [...merged.values()];
}
