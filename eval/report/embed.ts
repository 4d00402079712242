import { UMAP } from "umap-js";
import { seededRandom } from "../../engine/random.ts";
import { cosines, greatest } from "./_cosines.ts";

/** Options of {@linkcode embed}. */
export interface EmbedOptions {
  /**
   * Decides the beginning and the pushes.
   *
   * @default {0}
   */
  seed?: number | string;
  /**
   * How many nearest points, by cosine, hold on to each.
   *
   * @default {15}
   */
  neighbours?: number;
  /**
   * How many rounds.
   *
   * @default {200}
   */
  rounds?: number;
}

/**
 * Vectors as points of a plane by UMAP (McInnes et al. 2018): neighbours by cosine stay neighbours. The nearest neighbours are exact; the rest is umap-js
 * with a seeded random number. Distances between groups and their sizes mean little in such a picture.
 *
 * @param points Vectors of one length.
 * @returns x and y of each, in the order of the points.
 * @throws {RangeError} If there are fewer than 4 points.
 *
 * @example
 * ```ts
 * import { embed } from "@macro2micro/mer/eval/report";
 * import { assertEquals } from "@std/assert";
 *
 * const points = Array.from({ length: 12 }, (_, i) => Float32Array.of(i < 6 ? 1 : 0, i < 6 ? 0 : 1, i / 100));
 * assertEquals(embed(points, { seed: 1, neighbours: 4 }), embed(points, { seed: 1, neighbours: 4 }));
 * ```
 */
export function embed(points: readonly Float32Array[], options: EmbedOptions = {}): [x: number, y: number][] {
  if (points.length < 4) {
    throw new RangeError(`Cannot embed points: there must be at least 4, found ${points.length}`);
  }
  return embedCosines(cosines(points), points.length, options);
}

/** {@linkcode embed} where the cosines are known already. */
export function embedCosines(
  cosine: Float32Array,
  n: number,
  { seed = 0, neighbours = 15, rounds = 200 }: EmbedOptions,
): [x: number, y: number][] {
  const k = Math.min(neighbours, n - 1) - 1; // the point itself counts as its first neighbour
  const all = Array.from({ length: n }, (_, i) => i);
  const near = all.map((i) => greatest(cosine.subarray(i * n, (i + 1) * n), k, (j) => j !== i));
  const umap = new UMAP({
    nComponents: 2,
    nNeighbors: k + 1,
    nEpochs: rounds,
    random: seededRandom(seed).next,
  });
  umap.setPrecomputedKNN(
    near.map((row, i) => [i, ...row]),
    near.map((row, i) => [0, ...row.map((j) => Math.max(0, 1 - cosine[i * n + j]!))]),
  );
  return umap.fit(all.map((i) => [i])) as [number, number][]; // the points are only counted: their neighbours are given
}
