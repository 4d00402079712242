import type { Placement } from "../faces/align_face.ts";
import { type Axes, type AxisTaps, resampleAxes } from "./_axes.ts";
import { gatherTaps, type Taps } from "./_gather.ts";

/** The rectangle of a frame that a crop reads, whole pixels. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** One resampling for all frames of a clip: crop, turn and scale at once. */
export interface Resampler {
  /** What has to be decoded of a frame. */
  readonly region: Region;
  /** From the region's pixels to size x size x channels, 0..255. */
  apply(pixels: Uint8Array, channels: 1 | 3): Uint8Array;
}

/**
 * Makes the resampling from a frame of w x h to a square of `size`. The filter is a triangle over the crop's axes, one pixel of
 * the crop wide on each side where the frame shrinks (so nothing aliases) and one of the frame's where it grows (bilinear);
 * its weights add up to 1. Outside of the frame its border pixel goes on. Without a turn the axes are resampled one after the other.
 */
export function makeResampler(place: Placement, width: number, height: number, size: number): Resampler {
  const region = regionOf(place, width, height, size);
  if (place.xy === 0 && place.yx === 0) {
    const axes: Axes = {
      rows: axisTaps(place.yy, place.y0, region.top, region.height, size),
      columns: axisTaps(place.xx, place.x0, region.left, region.width, size),
    };
    return { region, apply: (pixels, channels) => resampleAxes(axes, pixels, channels) };
  }
  const taps = tapsOf(place, region, width, height, size);
  return { region, apply: (pixels, channels) => gatherTaps(taps, pixels, channels) };
}

/** The same for a whole picture, from w x h to other sides. */
export function makeShrinker(
  width: number,
  height: number,
  toWidth: number,
  toHeight: number,
): (pixels: Uint8Array, channels: 1 | 3) => Uint8Array {
  const axes: Axes = {
    rows: axisTaps(height / toHeight, 0, 0, height, toHeight),
    columns: axisTaps(width / toWidth, 0, 0, width, toWidth),
  };
  return (pixels, channels) => resampleAxes(axes, pixels, channels);
}

/** For each pixel of the crop the pixels of the region that it is made of, and their weights. */
function tapsOf(
  { xx, xy, x0, yx, yy, y0 }: Placement,
  region: Region,
  width: number,
  height: number,
  size: number,
): Taps {
  const det = xx * yy - xy * yx;
  // Pixels of the frame to one of the crop, along both axes.
  const su = Math.hypot(xx, yx), sv = Math.hypot(xy, yy);
  const narrowU = Math.min(1, su), narrowV = Math.min(1, sv);
  const ru = 1 / narrowU, rv = 1 / narrowV; // reach in pixels of the crop
  const reachX = Math.abs(xx) * ru + Math.abs(xy) * rv, reachY = Math.abs(yx) * ru + Math.abs(yy) * rv;
  const starts = new Uint32Array(size * size + 1);
  const most = (2 * Math.ceil(reachX) + 1) * (2 * Math.ceil(reachY) + 1); // taps of one pixel
  let at = new Uint32Array(2 * most * size), weight = new Float32Array(at.length), count = 0;
  for (let Y = 0, o = 0; Y < size; Y++) {
    for (let X = 0; X < size; X++, o++) {
      const cx = xx * (X + 0.5) + xy * (Y + 0.5) + x0, cy = yx * (X + 0.5) + yy * (Y + 0.5) + y0;
      const from = count;
      if (from + most > at.length) {
        const [places, weights] = [at, weight];
        at = new Uint32Array(2 * at.length);
        at.set(places);
        weight = new Float32Array(at.length);
        weight.set(weights);
      }
      let sum = 0;
      for (let y = Math.ceil(cy - reachY - 0.5); y <= cy + reachY - 0.5; y++) {
        for (let x = Math.ceil(cx - reachX - 0.5); x <= cx + reachX - 0.5; x++) {
          const dx = x + 0.5 - cx, dy = y + 0.5 - cy;
          const du = Math.abs(yy * dx - xy * dy) / det, dv = Math.abs(xx * dy - yx * dx) / det;
          const w = (1 - du * narrowU) * (1 - dv * narrowV);
          if (du * narrowU >= 1 || dv * narrowV >= 1 || w <= 0) continue;
          const px = Math.max(0, Math.min(width - 1, x)) - region.left;
          const py = Math.max(0, Math.min(height - 1, y)) - region.top;
          at[count] = py * region.width + px;
          weight[count++] = w;
          sum += w;
        }
      }
      for (let k = from; k < count; k++) weight[k]! /= sum;
      starts[o + 1] = count;
    }
  }
  return { starts, at: at.slice(0, count), weight: weight.slice(0, count) };
}

/** The same for one axis without a turn: for each place of the crop those of the region, one after the other, and their weights. */
function axisTaps(scale: number, shift: number, first: number, side: number, size: number): AxisTaps {
  const narrow = Math.min(1, Math.abs(scale)), reach = Math.abs(scale) / narrow;
  const begins: number[] = [], weights: number[][] = [];
  for (let X = 0; X < size; X++) {
    const centre = scale * (X + 0.5) + shift, own: number[] = [];
    for (let x = Math.ceil(centre - reach - 0.5); x <= centre + reach - 0.5; x++) {
      const w = 1 - Math.abs(x + 0.5 - centre) / reach;
      if (w <= 0) continue;
      if (own.length === 0) begins.push(x - first);
      own.push(w);
    }
    const sum = own.reduce((total, w) => total + w, 0);
    weights.push(own.map((w) => w / sum));
  }
  return { begins, weights, side };
}

/** The part of the frame that the crop's corners and the filter's reach span, at least a pixel. */
function regionOf(
  { xx, xy, x0, yx, yy, y0 }: Placement,
  width: number,
  height: number,
  size: number,
): Region {
  const reachX = Math.max(Math.abs(xx), 1) + Math.max(Math.abs(xy), 1);
  const reachY = Math.max(Math.abs(yx), 1) + Math.max(Math.abs(yy), 1);
  const corners = [[0, 0], [size, 0], [0, size], [size, size]] as const;
  const xs = corners.map(([X, Y]) => xx * X + xy * Y + x0),
    ys = corners.map(([X, Y]) => yx * X + yy * Y + y0);
  const left = clamp(Math.floor(Math.min(...xs) - reachX), width),
    top = clamp(Math.floor(Math.min(...ys) - reachY), height);
  const right = clamp(Math.ceil(Math.max(...xs) + reachX), width),
    bottom = clamp(Math.ceil(Math.max(...ys) + reachY), height);
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

const clamp = (x: number, side: number) => Math.max(0, Math.min(side - 1, x));
