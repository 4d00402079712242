import type { ClipInput } from "../../../types.ts";
import { checkClip } from "../_check_clip.ts";
import type { BlockGrid } from "../_grid.ts";
import { PatternHistograms } from "../_pattern_histograms.ts";
import type { Offset } from "../_pattern_routine.ts";
import { allBins, uniformBins } from "../_uniform.ts";

/** The settings of {@linkcode lbpTop}. */
export interface LbpTopOptions {
  /** R_X, R_Y, R_T: pixels and frames. @default {{ x: 3, y: 3, t: 3 }} */
  readonly radii?: { readonly x: number; readonly y: number; readonly t: number };
  /** P_XY, P_XT, P_YT: neighbours on each plane. @default {{ xy: 8, xt: 8, yt: 8 }} */
  readonly neighbours?: { readonly xy: number; readonly xt: number; readonly yt: number };
  /** Uniform patterns, P (P - 1) + 3 bins a plane, or all 2^P. @default {"uniform"} */
  readonly patterns?: "uniform" | "all";
  /** Blocks. @default {{ rows: 9, columns: 8, times: 1 }} */
  readonly grid?: BlockGrid;
}

let last: { readonly key: string; readonly histograms: PatternHistograms } | undefined;

/**
 * LBP-TOP (Zhao & Pietikäinen 2007, "Dynamic texture recognition using local binary patterns with an application to facial expressions", TPAMI 29(6)):
 * local binary patterns on three orthogonal planes. For a pixel (x, y, t) with grey value g_c,
 *
 *     LBP = sum_p s(g_p - g_c) 2^p,    s(a) = 1 where a >= 0, else 0,
 *
 * on each plane, with neighbours p = 0 .. P - 1 at, for a = 2 pi p / P,
 *
 *     XY: (x - R_X sin a, y + R_Y cos a, t)   XT: (x - R_X sin a, y, t - R_T cos a)   YT: (x, y - R_Y cos a, t - R_T sin a),
 *
 * bilinear between pixels. Pixels nearer to a border than the radii have no code, on any plane. The others are divided into blocks, and each
 * block's histograms of the three planes follow each other, each divided by the number of its pixels.
 *
 * The paper overlaps its 9 x 8 blocks; here blocks do not overlap, as in the work on micro-expressions that uses LBP-TOP.
 *
 * @param clip Grey frames.
 * @returns rows x columns x times x (bins of XY, XT, YT) numbers, by block row, block column, time, plane, bin.
 * @throws {RangeError} If the clip is not grey or too small for the radii and the grid, or an option makes no sense.
 *
 * @example
 * ```ts
 * import { lbpTop } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 *
 * const clip = { kind: "clip", pixels: new Uint8Array(7 * 16 * 16), shape: [7, 16, 16, 1] } as const;
 * const histograms = lbpTop(clip, { grid: { rows: 2, columns: 2, times: 1 } });
 * assertEquals(histograms.length, 2 * 2 * 3 * 59);
 * assertEquals(histograms[57], 1); // nothing differs: every neighbour is as large as its pixel
 * ```
 */
export function lbpTop(clip: ClipInput, options: LbpTopOptions = {}): Float32Array {
  const {
    radii = { x: 3, y: 3, t: 3 },
    neighbours = { xy: 8, xt: 8, yt: 8 },
    patterns = "uniform",
    grid = { rows: 9, columns: 8, times: 1 },
  } = options;
  const [frames, height, width] = checkClip("LBP-TOP", clip, radii, grid);
  for (const [plane, count] of Object.entries(neighbours)) {
    if (!Number.isInteger(count) || count < 2 || count > 8) {
      throw new RangeError(
        `Cannot compute LBP-TOP: neighbours.${plane} must be a whole number from 2 to 8, current value is ${count}`,
      );
    }
  }
  const key = JSON.stringify([clip.shape, radii, neighbours, patterns, grid]);
  if (last?.key !== key) {
    const bins = patterns === "uniform" ? uniformBins : allBins;
    const planes = planeOffsets(radii, neighbours).map((offsets) => ({
      offsets,
      bins: bins(offsets.length),
    }));
    last = { key, histograms: new PatternHistograms([frames, height, width], radii, planes, grid) };
  }
  return last.histograms.describe(clip.pixels);
}

/** The neighbours on XY, XT and YT. */
export function planeOffsets(
  { x, y, t }: NonNullable<LbpTopOptions["radii"]>,
  { xy, xt, yt }: NonNullable<LbpTopOptions["neighbours"]>,
): [Offset[], Offset[], Offset[]] {
  const around = (count: number, place: (sin: number, cos: number) => Offset) =>
    Array.from({ length: count }, (_, p) => {
      const angle = 2 * Math.PI * p / count;
      return place(Math.sin(angle), Math.cos(angle));
    });
  return [
    around(xy, (sin, cos) => [-x * sin, y * cos, 0]),
    around(xt, (sin, cos) => [-x * sin, 0, -t * cos]),
    around(yt, (sin, cos) => [0, -y * cos, -t * sin]),
  ];
}
