import type { ClipInput } from "../../../types.ts";
import { checkClip } from "../_check_clip.ts";
import type { BlockGrid } from "../_grid.ts";
import { PatternHistograms } from "../_pattern_histograms.ts";
import type { Offset } from "../_pattern_routine.ts";
import { allBins } from "../_uniform.ts";

/** The settings of {@linkcode lbpSip}. */
export interface LbpSipOptions {
  /** R_X, R_Y, R_T: pixels and frames. @default {{ x: 1, y: 1, t: 2 }} */
  readonly radii?: { readonly x: number; readonly y: number; readonly t: number };
  /** Blocks. @default {{ rows: 5, columns: 5, times: 1 }} */
  readonly grid?: BlockGrid;
}

let last: { readonly key: string; readonly histograms: PatternHistograms } | undefined;

/**
 * LBP-SIP (Wang, See, Phan, Oh 2014, "LBP with six intersection points: reducing redundant information in LBP-TOP for micro-expression recognition", ACCV):
 * where the three planes of LBP-TOP intersect, twelve neighbours are six points, each counted twice. Each of the six is compared with the pixel once:
 *
 *     spatial: (x + R_X, y, t), (x, y + R_Y, t), (x - R_X, y, t), (x, y - R_Y, t)   16 patterns
 *     temporal: (x, y, t - R_T), (x, y, t + R_T)                                     4 patterns
 *
 * 20 bins where LBP-TOP with four neighbours has 48. All points are whole places: nothing is interpolated. Blocks as in {@linkcode lbpTop}.
 *
 * @param clip Grey frames.
 * @returns rows x columns x times x 20 numbers, by block row, block column, time: 16 spatial, then 4 temporal ones.
 * @throws {RangeError} If the clip is not grey or too small for the radii and the grid, or an option makes no sense.
 *
 * @example
 * ```ts
 * import { lbpSip } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 *
 * // A clip that grows brighter: the frame before is darker, the frame after brighter, all around is equal.
 * const pixels = Uint8Array.from({ length: 5 * 36 }, (_, i) => 20 * Math.floor(i / 36));
 * const histogram = lbpSip({ kind: "clip", pixels, shape: [5, 6, 6, 1] }, { grid: { rows: 1, columns: 1, times: 1 } });
 * assertEquals([histogram[0b1111], histogram[16 + 0b10]], [1, 1]);
 * ```
 */
export function lbpSip(clip: ClipInput, options: LbpSipOptions = {}): Float32Array {
  const { radii = { x: 1, y: 1, t: 2 }, grid = { rows: 5, columns: 5, times: 1 } } = options;
  const [frames, height, width] = checkClip("LBP-SIP", clip, radii, grid);
  const key = JSON.stringify([clip.shape, radii, grid]);
  if (last?.key !== key) {
    const { x, y, t } = radii;
    const spatial: Offset[] = [[x, 0, 0], [0, y, 0], [-x, 0, 0], [0, -y, 0]];
    const temporal: Offset[] = [[0, 0, -t], [0, 0, t]];
    const patterns = [{ offsets: spatial, bins: allBins(4) }, { offsets: temporal, bins: allBins(2) }];
    last = { key, histograms: new PatternHistograms([frames, height, width], radii, patterns, grid) };
  }
  return last.histograms.describe(clip.pixels);
}
