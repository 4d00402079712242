import type { FlowInput } from "../../../types.ts";
import { checkFlow } from "../_check_flow.ts";
import { partOf } from "../_grid.ts";

/** The settings of {@linkcode biWoof}. */
export interface BiWoofOptions {
  /** Blocks. @default {{ rows: 8, columns: 8 }} */
  readonly grid?: { readonly rows: number; readonly columns: number };
  /** Bins of the orientation, of equal width over the whole circle. @default {8} */
  readonly bins?: number;
  /** What a pixel counts within its block: the magnitude of its flow, of its strain, or 1. @default {"magnitude"} */
  readonly local?: "magnitude" | "strain" | "none";
  /** What a block counts: the mean of its strain, of its magnitude, or 1. @default {"strain"} */
  readonly global?: "strain" | "magnitude" | "none";
}

/**
 * Bi-WOOF (Liong, See, Wong, Phan 2018, "Less is more: micro-expression recognition from video using apex frame", Signal Processing: Image Communication 62):
 * a bi-weighted histogram of the orientations of the flow from the onset to the apex. With
 *
 *     theta = atan2(v, u)    rho = sqrt(u^2 + v^2)    epsilon = |strain|,
 *
 * block b has a histogram of theta over C bins, -pi + 2 pi c / C <= theta < -pi + 2 pi (c + 1) / C, in which each pixel counts rho (the local weight), and
 * which is then multiplied by the block's mean strain, zeta_b = mean over b of epsilon (the global weight).
 *
 * @param flow One map in pixels; of several the histograms follow each other.
 * @returns maps x rows x columns x bins numbers, by map, block row, block column, bin.
 * @throws {RangeError} If the flow is not in pixels or smaller than the grid, or an option makes no sense.
 *
 * @example
 * ```ts
 * import { biWoof } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 *
 * // Four pixels move by 2 to the right: theta 0 is in the fifth of eight bins. 4 pixels x 2 x a mean strain of 0.5.
 * const map = (value: number) => new Float32Array(4).fill(value);
 * const flow = { kind: "flow", u: map(2), v: map(0), strain: map(0.5), shape: [1, 2, 2], unit: "pixels" } as const;
 * assertEquals([...biWoof(flow, { grid: { rows: 1, columns: 1 } })], [0, 0, 0, 0, 4, 0, 0, 0]);
 * ```
 */
export function biWoof(flow: FlowInput, options: BiWoofOptions = {}): Float32Array {
  const { grid = { rows: 8, columns: 8 }, bins = 8, local = "magnitude", global = "strain" } = options;
  const [maps, height, width] = checkFlow("Bi-WOOF", flow, grid);
  if (!Number.isInteger(bins) || bins < 1) {
    throw new RangeError(`Cannot compute Bi-WOOF: bins must be a positive integer, current value is ${bins}`);
  }
  const { u, v, strain } = flow, blocks = grid.rows * grid.columns;
  const out = new Float32Array(maps * blocks * bins);
  const down = partOf(height, grid.rows), across = partOf(width, grid.columns);
  const sums = new Float64Array(blocks * bins),
    weights = new Float64Array(blocks),
    pixels = new Float64Array(blocks);
  for (let map = 0, i = 0; map < maps; map++) {
    for (const array of [sums, weights, pixels]) array.fill(0);
    for (let y = 0; y < height; y++) {
      const row = down[y]! * grid.columns;
      for (let x = 0; x < width; x++, i++) {
        const block = row + across[x]!, rho = Math.sqrt(u[i]! * u[i]! + v[i]! * v[i]!);
        sums[block * bins + orientationBin(u[i]!, v[i]!, bins)]! += local === "magnitude"
          ? rho
          : local === "strain"
          ? strain[i]!
          : 1;
        weights[block]! += global === "strain" ? strain[i]! : rho;
        pixels[block]!++;
      }
    }
    for (let block = 0; block < blocks; block++) {
      const weight = global === "none" ? 1 : weights[block]! / pixels[block]!;
      for (let bin = 0; bin < bins; bin++) {
        out[(map * blocks + block) * bins + bin] = weight * sums[block * bins + bin]!;
      }
    }
  }
  return out;
}

/** The bin of a direction: the circle from -pi on in equal parts. */
function orientationBin(u: number, v: number, bins: number): number {
  const part = (Math.atan2(v, u) + Math.PI) * bins / (2 * Math.PI);
  return Math.floor(part + 1e-6) % bins; // the lower edge belongs to the bin, whatever rounding made of it; pi is -pi
}
