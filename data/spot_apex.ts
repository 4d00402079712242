/** The settings of {@linkcode spotApex}. */
export interface SpotApexOptions {
  /**
   * How a frame is compared with the onset: `"lbp"`, by histograms of local binary patterns in a grid of blocks, as published; or `"residual"`,
   * by what is left of their difference when the motion of the whole head and a change of light are taken out.
   *
   * @default "residual"
   */
  readonly feature?: "lbp" | "residual";
  /**
   * How the apex is read off the curve: `"divide"`, the divide-and-conquer search of the paper; or `"highest"`, its greatest value.
   *
   * @default "divide"
   */
  readonly search?: "divide" | "highest";
  /**
   * Blocks along each side, for `"lbp"`.
   *
   * @default 6
   */
  readonly blocks?: number;
}

/** Where the apex is, and why. */
export interface SpottedApex {
  /** Position among the frames, from 0. */
  readonly apex: number;
  /** How far each frame is from the onset, smoothed; the first is 0. */
  readonly curve: readonly number[];
}

/**
 * Spots the apex of a clip whose database codes none, after Liong, See, Wong, Le Ngo, Oh & Phan (ACPR 2015): each frame is compared with
 * the onset, and the apex is searched in the curve of differences.
 *
 * `feature: "lbp"` with `search: "divide"` is the paper's: a frame is the histogram of uniform LBP(8, 1) in every block, the difference of two frames the mean over
 * the blocks of one minus the correlation of their histograms; the curve is halved again and again, and the half whose peaks sum up to more is kept.
 *
 * `feature: "residual"` is ours, because a head that drifts slowly moves all pixels and pulls the paper's apex towards the offset: d_t = I_t - I_0 is projected off the span of
 * 1, I_0, g_x, g_y, x g_x, y g_x, x g_y, y g_y (g the gradient of I_0), which is what a small affine motion of the whole picture and a change of light make of I_0 to
 * first order; the curve is the mean absolute value of the rest.
 *
 * For both, frames are smoothed before against the camera's noise, the curve by the weights 1 2 1, and the first and last tenth of the clip hold no apex. The error
 * of each on clips whose apex is known is in docs/prepare.md (`bench/data/spot_apex.ts`).
 *
 * @param frames Grey frames from onset to offset, side x side values 0..255.
 * @param side Their width and height.
 * @param options
 * @throws {RangeError} if there is no frame, or one of another size.
 *
 * @example
 * ```ts
 * import { spotApex } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * // A spot that brightens until frame 6 of 0..9 and fades.
 * const frames = Array.from({ length: 10 }, (_, t) =>
 *   Uint8Array.from({ length: 256 }, (_, i) => i % 16 > 4 && i % 16 < 9 && i < 128 ? 100 + 15 * (6 - Math.abs(t - 6)) : 100 + i % 7));
 * assertEquals(spotApex(frames, 16).apex, 6);
 * ```
 */
export function spotApex(
  frames: readonly Uint8Array[],
  side: number,
  options: SpotApexOptions = {},
): SpottedApex {
  const { feature = "residual", search = "divide", blocks = 6 } = options;
  if (frames.length === 0) throw new RangeError("Cannot spot apex: there is no frame");
  for (const frame of frames) {
    if (frame.length !== side * side) {
      throw new RangeError(`Cannot spot apex: a frame has ${frame.length} values instead of ${side}x${side}`);
    }
  }
  const difference = feature === "lbp"
    ? lbpDifference(frames[0]!, side, blocks)
    : residualDifference(frames[0]!, side);
  const differences = frames.map((frame, t) => t === 0 ? 0 : difference(frame));
  const curve = differences.map((value, t) => {
    const [before, after] = [
      differences[Math.max(0, t - 1)]!,
      differences[Math.min(frames.length - 1, t + 1)]!,
    ];
    return t === 0 ? 0 : (before + 2 * value + after) / 4;
  });
  const edge = Math.floor(frames.length / 10);
  const [from, to] = [Math.min(1 + edge, frames.length - 1), Math.max(frames.length - 1 - edge, 0)];
  if (from >= to) return { apex: Math.floor((frames.length - 1) / 2), curve };
  return { apex: search === "divide" ? divide(curve, from, to) : highest(curve, from, to), curve };
}

function highest(curve: readonly number[], from: number, to: number): number {
  let best = from;
  for (let t = from + 1; t <= to; t++) if (curve[t]! > curve[best]!) best = t;
  return best;
}

/** Halves the range until one peak is left; the greatest value where a half holds none. */
function divide(curve: readonly number[], from: number, to: number): number {
  const peaks: number[] = [];
  for (let t = from; t <= to; t++) {
    if (curve[t]! >= (curve[t - 1] ?? -Infinity) && curve[t]! > (curve[t + 1] ?? Infinity)) peaks.push(t);
  }
  let [low, high] = [from, to];
  for (;;) {
    const inside = peaks.filter((t) => t >= low && t <= high);
    if (inside.length <= 1) return inside[0] ?? highest(curve, low, high);
    const middle = Math.floor((low + high) / 2);
    const sum = (a: number, b: number) =>
      inside.filter((t) => t >= a && t <= b).reduce((total, t) => total + curve[t]!, 0);
    if (sum(low, middle) >= sum(middle + 1, high)) high = middle;
    else low = middle + 1;
  }
}

/** Of a frame: the mean absolute difference from the onset that no small affine motion and no change of light explains. */
function residualDifference(onset: Uint8Array, side: number): (frame: Uint8Array) => number {
  const start = smoothed(smoothed(onset, side), side), count = side * side;
  const basis = orthonormal(globalChanges(start, side));
  return (frame) => {
    const rest = smoothed(smoothed(frame, side), side);
    for (let i = 0; i < count; i++) rest[i]! -= start[i]!;
    for (const direction of basis) subtractProjection(rest, direction);
    return rest.reduce((sum, value) => sum + Math.abs(value), 0) / count;
  };
}

/** The pictures that span, to first order, what a small affine motion of a picture and a change of light add to it. */
function globalChanges(picture: Float32Array, side: number): Float32Array[] {
  const make = (value: (i: number, x: number, y: number) => number) =>
    Float32Array.from(picture, (_, i) => value(i, i % side / side - 0.5, Math.floor(i / side) / side - 0.5));
  const inside = (i: number) => {
    const x = i % side, y = Math.floor(i / side);
    return x > 0 && y > 0 && x < side - 1 && y < side - 1;
  };
  const gx = make((i) => inside(i) ? (picture[i + 1]! - picture[i - 1]!) / 2 : 0);
  const gy = make((i) => inside(i) ? (picture[i + side]! - picture[i - side]!) / 2 : 0);
  return [
    make(() => 1),
    picture.slice(),
    gx,
    gy,
    make((i, x) => x * gx[i]!),
    make((i, _x, y) => y * gx[i]!),
    make((i, x) => x * gy[i]!),
    make((i, _x, y) => y * gy[i]!),
  ];
}

/** Gram-Schmidt; directions that the others span already (a picture without any edge) are left out. */
function orthonormal(pictures: readonly Float32Array[]): Float32Array[] {
  const basis: Float32Array[] = [];
  for (const picture of pictures) {
    const before = normOf(picture);
    for (const direction of basis) subtractProjection(picture, direction);
    const norm = normOf(picture);
    if (norm <= 1e-4 * before || norm === 0) continue;
    basis.push(picture.map((value) => value / norm));
  }
  return basis;
}

function normOf(picture: Float32Array): number {
  let sum = 0;
  for (const value of picture) sum += value * value;
  return Math.sqrt(sum);
}

function subtractProjection(picture: Float32Array, direction: Float32Array): void {
  let along = 0;
  for (let i = 0; i < picture.length; i++) along += picture[i]! * direction[i]!;
  for (let i = 0; i < picture.length; i++) picture[i]! -= along * direction[i]!;
}

/** Of a frame: the mean over the blocks of one minus the correlation of its LBP histogram with the onset's. */
function lbpDifference(onset: Uint8Array, side: number, blocks: number): (frame: Uint8Array) => number {
  const start = lbpHistograms(smoothed(onset, side), side, blocks);
  return (frame) =>
    blockDifference(start, lbpHistograms(smoothed(frame, side), side, blocks), blocks * blocks);
}

/** A Gaussian of one pixel, five taps each way; the border goes on. */
function smoothed(frame: Uint8Array | Float32Array, side: number): Float32Array {
  const taps = [0.0545, 0.2442, 0.4026, 0.2442, 0.0545] as const;
  const rows = new Float32Array(side * side), out = new Float32Array(side * side);
  const at = (i: number) => i < 0 ? 0 : i >= side ? side - 1 : i;
  for (let y = 0, o = 0; y < side; y++) {
    for (let x = 0; x < side; x++, o++) {
      for (let k = -2; k <= 2; k++) rows[o]! += taps[k + 2]! * frame[y * side + at(x + k)]!;
    }
  }
  for (let y = 0, o = 0; y < side; y++) {
    for (let x = 0; x < side; x++, o++) {
      for (let k = -2; k <= 2; k++) out[o]! += taps[k + 2]! * rows[at(y + k) * side + x]!;
    }
  }
  return out;
}

/** Bins of the uniform patterns (at most two changes around the ring), 58 in all; the others share the last. */
const uniformBin: Uint8Array = (() => {
  const bins = new Uint8Array(256).fill(58);
  let next = 0;
  for (let pattern = 0; pattern < 256; pattern++) {
    const turned = (pattern >> 1) | ((pattern & 1) << 7);
    let changes = 0;
    for (let bits = pattern ^ turned; bits > 0; bits &= bits - 1) changes++;
    if (changes <= 2) bins[pattern] = next++;
  }
  return bins;
})();
const binCount = 59;

/** blocks x blocks histograms of LBP(8, 1), each of 59 bins; the neighbours are the eight pixels around. */
function lbpHistograms(frame: Float32Array, side: number, blocks: number): Float32Array {
  const ring = [-side - 1, -side, -side + 1, 1, side + 1, side, side - 1, -1];
  const out = new Float32Array(blocks * blocks * binCount);
  for (let y = 1; y < side - 1; y++) {
    for (let x = 1; x < side - 1; x++) {
      const i = y * side + x, centre = frame[i]!;
      let pattern = 0;
      for (let k = 0; k < 8; k++) if (frame[i + ring[k]!]! >= centre) pattern |= 1 << k;
      const block = Math.floor(y * blocks / side) * blocks + Math.floor(x * blocks / side);
      out[block * binCount + uniformBin[pattern]!]!++;
    }
  }
  return out;
}

/** The mean over the blocks of 1 - correlation. */
function blockDifference(a: Float32Array, b: Float32Array, blocks: number): number {
  let total = 0;
  for (let block = 0; block < blocks; block++) {
    const p = a.subarray(block * binCount, (block + 1) * binCount);
    const q = b.subarray(block * binCount, (block + 1) * binCount);
    const mean = (h: Float32Array) => h.reduce((sum, value) => sum + value, 0) / binCount;
    const [mp, mq] = [mean(p), mean(q)];
    let pq = 0, pp = 0, qq = 0;
    for (let k = 0; k < binCount; k++) {
      pq += (p[k]! - mp) * (q[k]! - mq);
      pp += (p[k]! - mp) ** 2;
      qq += (q[k]! - mq) ** 2;
    }
    total += pp > 0 && qq > 0 ? 1 - pq / Math.sqrt(pp * qq) : 0;
  }
  return total / blocks;
}
