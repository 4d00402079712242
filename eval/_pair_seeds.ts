import { UserError } from "../types.ts";
import type { SeedPairing } from "./compare_runs.ts";

/** Pairs of positions in the two runs' lists of seeds. */
export interface SeedPairs {
  /** How they were found. */
  readonly pairing: SeedPairing;
  /** Positions in the first and in the second list. */
  readonly pairs: readonly (readonly [first: number, second: number])[];
}

/** What a run has to pair by: its name and the seed of each list, where it has one. */
export interface SeedList {
  /** For messages. */
  readonly name: string;
  /** The seeds. */
  readonly seeds: readonly (number | undefined)[];
}

/**
 * Pairs the seeds of two runs: those of equal number; else, where one has a single list, that against each of the other; else in order, where
 * there are equally many.
 */
export function pairSeeds(first: SeedList, second: SeedList): SeedPairs {
  const [a, b] = [first.seeds, second.seeds];
  if (a.length === 1 && b.length === 1) return { pairing: "single", pairs: [[0, 0]] };
  const same = a.flatMap((seed, i) => {
    const j = seed === undefined ? -1 : b.indexOf(seed);
    return j < 0 ? [] : [[i, j] as const];
  });
  if (same.length > 0 && a.length > 1 && b.length > 1) return { pairing: "same seeds", pairs: same };
  if (a.length === 1) return { pairing: "one against each", pairs: b.map((_, j) => [0, j] as const) };
  if (b.length === 1) return { pairing: "one against each", pairs: a.map((_, i) => [i, 0] as const) };
  if (a.length === b.length) return { pairing: "in order", pairs: a.map((_, i) => [i, i] as const) };
  throw new UserError(
    `Cannot compare ${first.name} (seeds ${a.join(", ")}) and ${second.name} (seeds ${
      b.join(", ")
    }): they have no seed in common and are not equally many; choose some with --seeds.`,
    2,
  );
}
