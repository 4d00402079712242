import type { ClipInput } from "../../../types.ts";
import { checkClip } from "../_check_clip.ts";
import { type BlockGrid, edges } from "../_grid.ts";
import { uniformBins } from "../_uniform.ts";

/** The settings of {@linkcode stlbpIp}. */
export interface StlbpIpOptions {
  /** Neighbours along a projection, half of them on each side. @default {8} */
  readonly mask?: number;
  /** R of the motion patterns, places along the projection and frames. @default {1} */
  readonly radius?: number;
  /** P of the motion patterns. @default {8} */
  readonly neighbours?: number;
  /** The frame that others are compared with: the onset, or the one before. @default {"onset"} */
  readonly reference?: "onset" | "previous";
  /** Blocks; `times` is always 1. @default {{ rows: 5, columns: 5 }} */
  readonly grid?: Pick<BlockGrid, "rows" | "columns">;
}

/**
 * STLBP-IP (Huang, Wang, Zhao, Pietikäinen 2015, "Facial micro-expression recognition using spatiotemporal local binary pattern with integral projection",
 * ICCV workshops). Of the difference images D_t = I_t - I_0, each block has two integral projections,
 *
 *     horizontal: H_t(y) = mean over x of D_t(x, y)    vertical: V_t(x) = mean over y of D_t(x, y),
 *
 * which keep the shape of what changes. Their appearance is described by one-dimensional patterns,
 *
 *     1DLBP(i) = sum over p of s(H_t(i + d_p) - H_t(i)) 2^p,    d = -W/2, ..., -1, 1, ..., W/2,
 *
 * their motion by uniform local binary patterns on the images H(t, y) and V(t, x) that the projections make in time (as on the planes of LBP-TOP,
 * between places linear). A block gives the histograms of 1DLBP of H and V (2^W bins each) and of the motion of H and V (P (P - 1) + 3 bins each), each divided
 * by the number of its patterns.
 *
 * Where the paper could not be read: the frame that is subtracted (`reference`), W, P, R and the grid are settings; places within W/2 of a block's edge have no
 * 1DLBP. Equal values count as larger, with a slack of 1e-6 of a grey value for rounding.
 *
 * @param clip Grey frames.
 * @returns rows x columns x (2 2^W + 2 (P (P - 1) + 3)) numbers.
 * @throws {RangeError} If the clip is not grey, its blocks are smaller than the mask or it is shorter than the motion's neighbours, or an option makes no sense.
 *
 * @example
 * ```ts
 * import { stlbpIp } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 *
 * const clip = { kind: "clip", pixels: new Uint8Array(4 * 144), shape: [4, 12, 12, 1] } as const;
 * const histograms = stlbpIp(clip, { mask: 4, grid: { rows: 1, columns: 2 } });
 * assertEquals(histograms.length, 2 * (2 * 16 + 2 * 59));
 * assertEquals(histograms[15], 1); // nothing changes: every neighbour is as large
 * ```
 */
export function stlbpIp(clip: ClipInput, options: StlbpIpOptions = {}): Float32Array {
  const { mask = 8, radius = 1, neighbours = 8, reference = "onset", grid = { rows: 5, columns: 5 } } =
    options;
  const refuse = (why: string): never => {
    throw new RangeError(`Cannot compute STLBP-IP: ${why}`);
  };
  const [frames, height, width] = checkClip("STLBP-IP", clip, { x: 0, y: 0, t: 0 }, { ...grid, times: 1 });
  if (!Number.isInteger(mask) || mask < 2 || mask > 12 || mask % 2 !== 0) {
    refuse(`mask must be an even number from 2 to 12, current value is ${mask}`);
  }
  if (
    !Number.isInteger(neighbours) || neighbours < 2 || neighbours > 8 || !Number.isInteger(radius) ||
    radius < 1
  ) {
    refuse(`neighbours must be 2 to 8 and the radius 1 or more, found ${neighbours} and ${radius}`);
  }
  const least = Math.max(mask, 2 * radius) + 1,
    down = edges(height, grid.rows),
    across = edges(width, grid.columns);
  const smallest = Math.min(Math.floor(height / grid.rows), Math.floor(width / grid.columns));
  if (smallest < least) {
    refuse(
      `blocks must be ${least} pixels high and wide, the smallest side is ${smallest}; take a coarser grid`,
    );
  }
  const images = reference === "onset" ? frames : frames - 1; // D_0 of the onset is all 0, and kept: motion begins there
  if (images < 2 * radius + 1) refuse(`${images} difference images are too few for the radius ${radius}`);
  const bins = uniformBins(neighbours), length = 2 * 2 ** mask + 2 * bins.count;
  const out = new Float32Array(grid.rows * grid.columns * length);
  const offsets = circle(neighbours, radius);
  for (let row = 0, to = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++, to += length) {
      const box = [down[row]!, down[row + 1]!, across[column]!, across[column + 1]!] as const;
      const { horizontal, vertical } = projections(clip, box, reference, images);
      [horizontal, vertical].forEach((projection, i) => {
        appearance(projection, images, mask, out.subarray(to + i * 2 ** mask, to + (i + 1) * 2 ** mask));
        const from = to + 2 * 2 ** mask + i * bins.count;
        motion(projection, images, offsets, radius, bins.of, out.subarray(from, from + bins.count));
      });
    }
  }
  return out;
}

/** H (images x rows of the box) and V (images x columns of the box): every pixel is read once for both. */
function projections(
  { pixels, shape }: ClipInput,
  [top, bottom, left, right]: readonly [number, number, number, number],
  reference: "onset" | "previous",
  images: number,
): { horizontal: Float64Array; vertical: Float64Array } {
  const [, height, width] = shape, area = height * width, rows = bottom - top, columns = right - left;
  const horizontal = new Float64Array(images * rows), vertical = new Float64Array(images * columns);
  for (let k = 0; k < images; k++) {
    const frame = (reference === "onset" ? k : k + 1) * area, other = (reference === "onset" ? 0 : k) * area;
    for (let y = 0; y < rows; y++) {
      let sum = 0;
      for (let x = 0, i = (top + y) * width + left; x < columns; x++, i++) {
        const difference = pixels[frame + i]! - pixels[other + i]!;
        sum += difference;
        vertical[k * columns + x]! += difference;
      }
      horizontal[k * rows + y] = sum / columns;
    }
  }
  for (let i = 0; i < vertical.length; i++) vertical[i]! /= rows;
  return { horizontal, vertical };
}

const slack = 1e-6;

/** The histogram of 1DLBP over all places and images. */
function appearance(projection: Float64Array, images: number, mask: number, out: Float32Array): void {
  const size = projection.length / images, half = mask / 2;
  for (let k = 0; k < images; k++) {
    for (let i = half; i < size - half; i++) {
      const at = k * size + i, own = projection[at]! - slack;
      let code = 0;
      for (let p = 0; p < half; p++) {
        if (projection[at - half + p]! >= own) code |= 1 << p;
        if (projection[at + 1 + p]! >= own) code |= 1 << (half + p);
      }
      out[code]!++;
    }
  }
  const count = images * (size - mask);
  for (let code = 0; code < out.length; code++) out[code]! /= count;
}

/** Neighbours on the image of a projection in time: four weights each, at whole places. */
function circle(neighbours: number, radius: number) {
  const clean = (c: number) => Math.abs(c - Math.round(c)) < 1e-9 ? Math.round(c) : c;
  return Array.from({ length: neighbours }, (_, p) => {
    const angle = 2 * Math.PI * p / neighbours;
    const place = clean(-radius * Math.sin(angle)), time = clean(-radius * Math.cos(angle));
    return {
      place: Math.floor(place),
      time: Math.floor(time),
      a: place - Math.floor(place),
      b: time - Math.floor(time),
    };
  });
}

/** The histogram of uniform patterns on the image of a projection in time. */
function motion(
  projection: Float64Array,
  images: number,
  offsets: ReturnType<typeof circle>,
  radius: number,
  bins: Int32Array,
  out: Float32Array,
): void {
  const size = projection.length / images;
  for (let k = radius; k < images - radius; k++) {
    for (let i = radius; i < size - radius; i++) {
      const at = k * size + i, own = projection[at]! - slack;
      let code = 0;
      for (let p = 0; p < offsets.length; p++) {
        const { place, time, a, b } = offsets[p]!;
        const q = at + time * size + place, right = a > 0 ? 1 : 0, below = b > 0 ? size : 0;
        const first = (1 - a) * projection[q]! + a * projection[q + right]!;
        const second = (1 - a) * projection[q + below]! + a * projection[q + below + right]!;
        if ((1 - b) * first + b * second >= own) code |= 1 << p;
      }
      out[bins[code]!]!++;
    }
  }
  const count = (images - 2 * radius) * (size - 2 * radius);
  for (let bin = 0; bin < out.length; bin++) out[bin]! /= count;
}
