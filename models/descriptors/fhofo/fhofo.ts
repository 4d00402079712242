import type { FlowInput } from "../../../types.ts";
import { checkFlow } from "../_check_flow.ts";
import { partOf } from "../_grid.ts";

/** The settings of {@linkcode fhofo}. */
export interface FhofoOptions {
  /** Blocks. @default {{ rows: 5, columns: 5 }} */
  readonly grid?: { readonly rows: number; readonly columns: number };
  /** Fuzzy sets of directions, their centres at 2 pi k / bins. @default {8} */
  readonly bins?: number;
  /**
   * The standard deviation of a set's Gaussian membership, in parts of the distance of two centres.
   *
   * @default {0.5}
   */
  readonly spread?: number;
  /** Motions that are smaller, in pixels, have no direction and are not counted. @default {0.01} */
  readonly leastMotion?: number;
}

/**
 * FHOFO (Happy & Routray 2017, "Fuzzy histogram of optical flow orientations for micro-expression recognition", IEEE Transactions on Affective Computing): directions
 * of motion, whatever its size, belong to neighbouring bins at once, so that a small turn or a little noise changes the histogram little. The direction
 * theta of a pixel that moves belongs to set k, with centre c_k = 2 pi k / B, by
 *
 *     mu_k = exp(-d(theta, c_k)^2 / (2 sigma^2)),    d the distance on the circle,    sigma = spread 2 pi / B,
 *
 * divided by the sum over k, so that each pixel counts 1. A block's histogram is the sum over its pixels divided by their number: the rest are pixels that do
 * not move. The histograms of all maps follow each other: how the motion goes on in time is kept.
 *
 * The paper's own membership functions could not be read; the Gaussian with its spread, the normalisation and the least motion are choices of this toolkit.
 *
 * @param flow Maps in pixels, from each frame to the next.
 * @returns maps x rows x columns x bins numbers, by map, block row, block column, bin.
 * @throws {RangeError} If the flow is not in pixels or smaller than the grid, or an option makes no sense.
 *
 * @example
 * ```ts
 * import { fhofo } from "@macro2micro/mer/models";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * // All move to the right: most in bin 0, as much in the last as in the next, little elsewhere.
 * const map = (value: number) => new Float32Array(4).fill(value);
 * const flow = { kind: "flow", u: map(2), v: map(0), strain: map(0), shape: [1, 2, 2], unit: "pixels" } as const;
 * const [right, next, , , , , , last] = fhofo(flow, { grid: { rows: 1, columns: 1 } }) as Iterable<number>;
 * assertAlmostEquals(next! / right!, Math.exp(-2), 1e-6);
 * assertAlmostEquals(last!, next!, 1e-6);
 * ```
 */
export function fhofo(flow: FlowInput, options: FhofoOptions = {}): Float32Array {
  const { grid = { rows: 5, columns: 5 }, bins = 8, spread = 0.5, leastMotion = 0.01 } = options;
  const [maps, height, width] = checkFlow("FHOFO", flow, grid);
  if (!Number.isInteger(bins) || bins < 2 || !(spread >= leastSpread) || !(leastMotion >= 0)) {
    throw new RangeError(
      `Cannot compute FHOFO: bins must be 2 or more, spread ${leastSpread} or more, leastMotion 0 or more, found ${bins}, ${spread}, ${leastMotion}`,
    );
  }
  const { u, v } = flow, blocks = grid.rows * grid.columns, size = height * width;
  const memberships = membershipTable(bins, spread);
  const sums = new Float64Array(maps * blocks * bins), pixels = new Float64Array(blocks);
  const down = partOf(height, grid.rows), across = partOf(width, grid.columns);
  const least = leastMotion * leastMotion;
  for (let p = 0; p < size; p++) pixels[down[Math.floor(p / width)]! * grid.columns + across[p % width]!]!++;
  for (let map = 0, i = 0; map < maps; map++) {
    for (let y = 0; y < height; y++) {
      const row = (map * grid.rows + down[y]!) * grid.columns;
      for (let x = 0; x < width; x++, i++) {
        const a = u[i]!, b = v[i]!;
        if (!(a * a + b * b > 0 && a * a + b * b >= least)) continue;
        const turn = Math.atan2(b, a) / (2 * Math.PI);
        const from = Math.round((turn < 0 ? turn + 1 : turn) * directions) % directions * bins;
        const to = (row + across[x]!) * bins;
        for (let k = 0; k < bins; k++) sums[to + k]! += memberships[from + k]!;
      }
    }
  }
  return Float32Array.from(sums, (sum, i) => sum / pixels[Math.floor(i / bins) % blocks]!);
}

/** Below it the memberships of a direction between two centres are too small for numbers; bins have as good as hard edges long before. */
export const leastSpread = 0.02;

/** Directions are told apart to a twentieth of a degree: the memberships of each are computed once. */
const directions = 7200;

/** directions x bins memberships, each row with the sum 1. */
function membershipTable(bins: number, spread: number): Float64Array {
  const table = new Float64Array(directions * bins);
  for (let i = 0; i < directions; i++) {
    const row = table.subarray(i * bins, (i + 1) * bins), place = i * bins / directions;
    let sum = 0;
    for (let k = 0; k < bins; k++) {
      const straight = Math.abs(place - k), distance = Math.min(straight, bins - straight);
      sum += row[k] = Math.exp(-distance * distance / (2 * spread * spread));
    }
    for (let k = 0; k < bins; k++) row[k]! /= sum;
  }
  return table;
}
