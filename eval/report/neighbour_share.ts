import { cosines, greatest } from "./_cosines.ts";
import type { ReportFeatures } from "./types.ts";

/** How often the nearest clips have a clip's own class. */
export interface NeighbourShare {
  /** The group of the clips that are asked. */
  readonly group: "before" | "after";
  /** Where their neighbours are looked for: among MaNet's macro clips, or among the clips of other subjects of their own group. */
  readonly among: "macro" | "others";
  /** The mean over the clips of the share of their nearest clips that have their class. */
  readonly share: number;
  /** What it would be for neighbours drawn at random from the same clips. */
  readonly chance: number;
  /** How many clips were asked. */
  readonly n: number;
}

/**
 * What UMAP only suggests, as numbers in the full space: of the k nearest clips by cosine, how many have the clip's own class.
 *
 * @param features Micro clips before and after the guidance, and macro clips.
 * @param k How many neighbours count.
 *
 * @example
 * ```ts
 * import { neighbourShares } from "@macro2micro/mer/eval/report";
 * import { assertEquals } from "@std/assert";
 *
 * const z = (group: "macro" | "after", classIndex: number, x: number, y: number) => ({
 *   group, classIndex, name: `${group}${x}`, subject: `${group}${x}`, z: Float32Array.of(x, y),
 * });
 * const [share] = neighbourShares([z("macro", 0, 1, 0), z("macro", 1, 0, 1), z("after", 0, 5, 1)], 1);
 * assertEquals([share?.among, share?.share, share?.chance], ["macro", 1, 0.5]);
 * ```
 */
export function neighbourShares(features: readonly ReportFeatures[], k = 10): NeighbourShare[] {
  return sharesOf(features, cosines(features.map(({ z }) => z)), k);
}

/** {@linkcode neighbourShares} where the cosines are known already. */
export function sharesOf(
  features: readonly ReportFeatures[],
  cosine: Float32Array,
  k = 10,
): NeighbourShare[] {
  const n = features.length;
  const shares: NeighbourShare[] = [];
  for (const among of ["macro", "others"] as const) {
    for (const group of ["before", "after"] as const) {
      const found: { share: number; chance: number }[] = [];
      features.forEach((asked, i) => {
        if (asked.group !== group) return;
        const counts = (j: number) => {
          const other = features[j]!;
          return among === "macro"
            ? other.group === "macro"
            : other.group === group && other.subject !== asked.subject;
        };
        const near = greatest(cosine.subarray(i * n, (i + 1) * n), k, counts);
        const pool = features.filter((_, j) => counts(j));
        if (near.length === 0) return;
        const part = (some: readonly ReportFeatures[]) =>
          some.filter(({ classIndex }) => classIndex === asked.classIndex).length / some.length;
        found.push({ share: part(near.map((j) => features[j]!)), chance: part(pool) });
      });
      if (found.length === 0) continue;
      const mean = (of: "share" | "chance") => found.reduce((sum, x) => sum + x[of], 0) / found.length;
      shares.push({ group, among, share: mean("share"), chance: mean("chance"), n: found.length });
    }
  }
  return shares;
}
