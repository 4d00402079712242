import type { ClipInput } from "../../../types.ts";
import { checkClip } from "../_check_clip.ts";
import { type BlockGrid, partOf } from "../_grid.ts";

/** The settings of {@linkcode stclqpCodes}. */
export interface StclqpOptions {
  /** R_X, R_Y, R_T: pixels and frames. @default {{ x: 1, y: 1, t: 1 }} */
  readonly radii?: { readonly x: number; readonly y: number; readonly t: number };
  /** Sectors of the orientation. @default {4} */
  readonly sectors?: number;
  /** Blocks. @default {{ rows: 5, columns: 5, times: 1 }} */
  readonly grid?: BlockGrid;
}

/** The planes and, on each, the components: sign, magnitude, orientation. */
export const stclqpParts = 9;

/**
 * What STCLQP (Huang, Zhao, Hong, Zheng, Pietikäinen 2016, "Spontaneous facial micro-expression analysis using spatiotemporal completed local quantized patterns",
 * Neurocomputing 175) has of a clip before its codebooks: on each of the planes XY, XT, YT three binary vectors of a pixel and its eight neighbours at whole places
 * (a square of the plane's two radii, in the order of LBP-TOP's angles),
 *
 *     sign_p = [g_p >= g_c]    magnitude_p = [|g_p - g_c| >= m]    orientation_p = [sector of the gradient at p = sector at c],
 *
 * m being the mean of |g_p - g_c| over the clip on that plane (as in CLBP), gradients central differences on the plane, sectors equal parts of the circle. Each
 * block has a histogram of the 256 vectors of every plane and component, divided by its pixels. {@linkcode stclqpMethod} learns codebooks of these vectors from
 * training clips: a word's bin is the sum of the bins of its vectors.
 *
 * The paper's text could not be read: that it has sign, magnitude and orientation and learned codebooks is from its abstract; the threshold m, the orientation's
 * form and its sectors are choices of this toolkit, and its selection of discriminative words is left out.
 *
 * @param clip Grey frames.
 * @returns rows x columns x times x 9 x 256 numbers, by block row, block column, time, plane, component, vector.
 * @throws {RangeError} If the clip is not grey or too small for the radii and the grid, or an option makes no sense.
 *
 * @example
 * ```ts
 * import { stclqpCodes } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 *
 * const clip = { kind: "clip", pixels: new Uint8Array(5 * 64).fill(9), shape: [5, 8, 8, 1] } as const;
 * const codes = stclqpCodes(clip, { grid: { rows: 1, columns: 1, times: 1 } });
 * assertEquals([codes.length, codes[255]], [9 * 256, 1]); // one grey: every neighbour is as large
 * ```
 */
export function stclqpCodes(clip: ClipInput, options: StclqpOptions = {}): Float32Array {
  const { radii = { x: 1, y: 1, t: 1 }, sectors = 4, grid = { rows: 5, columns: 5, times: 1 } } = options;
  const margin = { x: radii.x + 1, y: radii.y + 1, t: radii.t + 1 }; // a neighbour's gradient needs one more
  const [frames, height, width] = checkClip("STCLQP", clip, margin, grid);
  if (!Number.isInteger(sectors) || sectors < 2 || sectors > 64) {
    throw new RangeError(`Cannot compute STCLQP: sectors must be 2 to 64, current value is ${sectors}`);
  }
  const { pixels } = clip, area = height * width, table = sectorTable(sectors);
  const blocks = grid.rows * grid.columns * grid.times, out = new Float32Array(blocks * stclqpParts * 256);
  const counts = new Float64Array(blocks);
  const down = partOf(height - 2 * margin.y, grid.rows), across = partOf(width - 2 * margin.x, grid.columns);
  const along = partOf(frames - 2 * margin.t, grid.times);
  const each = (visit: (i: number, block: number) => void) => {
    for (let t = margin.t; t < frames - margin.t; t++) {
      for (let y = margin.y; y < height - margin.y; y++) {
        const row = down[y - margin.y]! * grid.columns, time = along[t - margin.t]!;
        for (let x = margin.x, i = t * area + y * width + x; x < width - margin.x; x++, i++) {
          visit(i, (row + across[x - margin.x]!) * grid.times + time);
        }
      }
    }
  };
  each((_, block) => counts[block]!++);
  const steps = { x: 1, y: width, t: area };
  const sector = new Uint8Array(pixels.length);
  for (const [plane, [a, b]] of ([["x", "y"], ["x", "t"], ["y", "t"]] as const).entries()) {
    const offsets = square(radii[a] * steps[a], radii[b] * steps[b]);
    const first = steps[a], second = steps[b];
    // Gradients of all pixels that are a centre or a neighbour.
    for (let i = first + second; i < pixels.length - first - second; i++) {
      const ga = pixels[i + first]! - pixels[i - first]!, gb = pixels[i + second]! - pixels[i - second]!;
      sector[i] = table[(gb + 255) * 511 + ga + 255]!;
    }
    let sum = 0, n = 0;
    each((i) => {
      for (let p = 0; p < 8; p++) sum += Math.abs(pixels[i + offsets[p]!]! - pixels[i]!);
      n += 8;
    });
    const mean = sum / n;
    each((i, block) => {
      const own = pixels[i]!, turn = sector[i]!;
      let sign = 0, magnitude = 0, orientation = 0;
      for (let p = 0; p < 8; p++) {
        const q = i + offsets[p]!, difference = pixels[q]! - own;
        if (difference >= 0) sign |= 1 << p;
        if (Math.abs(difference) >= mean) magnitude |= 1 << p;
        if (sector[q]! === turn) orientation |= 1 << p;
      }
      const to = (block * stclqpParts + plane * 3) * 256;
      out[to + sign]!++;
      out[to + 256 + magnitude]!++;
      out[to + 512 + orientation]!++;
    });
  }
  for (let i = 0; i < out.length; i++) out[i]! /= counts[Math.floor(i / (stclqpParts * 256))]!;
  return out;
}

/** Eight neighbours on the square of two steps: at the angles 0, 45, ... of LBP-TOP. */
function square(first: number, second: number): Int32Array {
  return Int32Array.from({ length: 8 }, (_, p) => {
    const angle = Math.PI * p / 4;
    return Math.round(Math.cos(angle)) * second - Math.round(Math.sin(angle)) * first;
  });
}

let last: { readonly sectors: number; readonly table: Uint8Array } | undefined;

/** The sector of every pair of differences of bytes, 511 x 511; one more than there are for no gradient. */
function sectorTable(sectors: number): Uint8Array {
  if (last?.sectors === sectors) return last.table;
  const table = new Uint8Array(511 * 511);
  for (let b = -255, i = 0; b <= 255; b++) {
    for (let a = -255; a <= 255; a++, i++) {
      const angle = Math.atan2(b, a), turn = (angle < 0 ? angle + 2 * Math.PI : angle) / (2 * Math.PI);
      table[i] = a === 0 && b === 0 ? sectors : Math.floor(turn * sectors + 1e-9) % sectors;
    }
  }
  last = { sectors, table };
  return table;
}
