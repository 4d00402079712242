import type { ClipInput } from "../../../types.ts";
import { checkClip } from "../_check_clip.ts";
import { type BlockGrid, partOf } from "../_grid.ts";

/** The settings of {@linkcode higoTop}. */
export interface HigoTopOptions {
  /** Bins of the orientation on each plane. @default {8} */
  readonly bins?: number;
  /** The whole circle, or half of it, where a gradient and its opposite are the same. @default {"full"} */
  readonly circle?: "full" | "half";
  /** What a pixel counts: 1 (HIGO), or the magnitude of its gradient (HOG). @default {"none"} */
  readonly weight?: "none" | "magnitude";
  /** Blocks. @default {{ rows: 8, columns: 8, times: 2 }} */
  readonly grid?: BlockGrid;
}

/**
 * HIGO-TOP (Li, Hong, Moilanen, Huang, Pfister, Zhao, Pietikäinen 2017, "Towards reading hidden emotions", IEEE Transactions on Affective Computing): histograms of
 * image gradient orientation on three orthogonal planes. With central differences g_x = I(x+1) - I(x-1) and g_y, g_t alike, the orientations are
 *
 *     XY: atan2(g_y, g_x)    XT: atan2(g_t, g_x)    YT: atan2(g_t, g_y),
 *
 * bin b holding 2 pi b / B <= theta < 2 pi (b + 1) / B. Each pixel counts 1, whatever its magnitude, which makes light matter less; `weight: "magnitude"` gives
 * HOG-TOP. A block's histograms of the three planes follow each other, each divided by the number of the block's pixels.
 *
 * Where the paper is silent: a pixel without any gradient on a plane has no orientation and is not counted there; bins have hard edges; the outermost pixels and
 * frames, which lack a neighbour, are left out; blocks do not overlap.
 *
 * @param clip Grey frames.
 * @returns rows x columns x times x 3 x bins numbers, by block row, block column, time, plane, bin.
 * @throws {RangeError} If the clip is not grey or too small for the grid, or an option makes no sense.
 *
 * @example
 * ```ts
 * import { higoTop } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 *
 * // Brighter to the right, the same in all rows and frames: g_x alone, orientation 0 on XY and XT, none on YT.
 * const pixels = Uint8Array.from({ length: 3 * 16 }, (_, i) => 20 * (i % 4));
 * const clip = { kind: "clip", pixels, shape: [3, 4, 4, 1] } as const;
 * const histograms = higoTop(clip, { bins: 4, grid: { rows: 1, columns: 1, times: 1 } });
 * assertEquals([...histograms], [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
 * ```
 */
export function higoTop(clip: ClipInput, options: HigoTopOptions = {}): Float32Array {
  const { bins = 8, circle = "full", weight = "none", grid = { rows: 8, columns: 8, times: 2 } } = options;
  const [frames, height, width] = checkClip("HIGO-TOP", clip, { x: 1, y: 1, t: 1 }, grid);
  if (!Number.isInteger(bins) || bins < 1 || bins > 254) {
    throw new RangeError(`Cannot compute HIGO-TOP: bins must be 1 to 254, current value is ${bins}`);
  }
  const { pixels } = clip, area = height * width, table = orientationTable(bins, circle);
  const blocks = grid.rows * grid.columns * grid.times, length = 3 * bins;
  const sums = new Float64Array(blocks * length + 1), counts = new Float64Array(blocks); // the last sum takes what has no orientation
  const down = partOf(height - 2, grid.rows), across = partOf(width - 2, grid.columns);
  const along = partOf(frames - 2, grid.times), nowhere = blocks * length;
  const magnitude = weight === "magnitude";
  for (let t = 1; t < frames - 1; t++) {
    for (let y = 1; y < height - 1; y++) {
      const row = down[y - 1]! * grid.columns, time = along[t - 1]!;
      for (let x = 1, i = t * area + y * width + 1; x < width - 1; x++, i++) {
        const gx = pixels[i + 1]! - pixels[i - 1]!, gy = pixels[i + width]! - pixels[i - width]!;
        const gt = pixels[i + area]! - pixels[i - area]!;
        const block = (row + across[x - 1]!) * grid.times + time, at = block * length;
        const xy = table[(gy + 255) * 511 + gx + 255]!, xt = table[(gt + 255) * 511 + gx + 255]!;
        const yt = table[(gt + 255) * 511 + gy + 255]!;
        sums[xy === none ? nowhere : at + xy]! += magnitude ? Math.sqrt(gx * gx + gy * gy) : 1;
        sums[xt === none ? nowhere : at + bins + xt]! += magnitude ? Math.sqrt(gx * gx + gt * gt) : 1;
        sums[yt === none ? nowhere : at + 2 * bins + yt]! += magnitude ? Math.sqrt(gy * gy + gt * gt) : 1;
        counts[block]!++;
      }
    }
  }
  return Float32Array.from(
    { length: blocks * length },
    (_, i) => sums[i]! / counts[Math.floor(i / length)]!,
  );
}

/** In place of a bin: there is no gradient. */
const none = 255;
let last: { readonly key: string; readonly table: Uint8Array } | undefined;

/** The bin of every pair of differences -255..255 of bytes: 511 x 511, by the second difference, then the first. */
function orientationTable(bins: number, circle: "full" | "half"): Uint8Array {
  const key = `${bins} ${circle}`;
  if (last?.key === key) return last.table;
  const table = new Uint8Array(511 * 511), whole = circle === "full" ? 2 * Math.PI : Math.PI;
  for (let b = -255, i = 0; b <= 255; b++) {
    for (let a = -255; a <= 255; a++, i++) {
      const angle = Math.atan2(b, a), turn = (angle < 0 ? angle + 2 * Math.PI : angle) / whole;
      table[i] = a === 0 && b === 0 ? none : Math.floor(turn * bins + 1e-9) % bins;
    }
  }
  last = { key, table };
  return table;
}
