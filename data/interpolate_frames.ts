import { framePositions } from "./_interpolate.ts";

/** How a clip is brought to another number of frames. */
export type Interpolation = "linear" | "tim";

/**
 * The weights that make T frames out of n: row k holds what each given frame counts in frame k; every row adds up to 1.
 *
 * `"linear"`: the blend of the two frames around `k (n - 1) / (T - 1)`, T = 1 the middle.
 *
 * `"tim"`, the temporal interpolation model (Zhou, Zhao, Pietikäinen 2011; used for micro-expressions by Pfister et al. 2011): the frames are the nodes of a path graph, whose
 * Laplacian has the eigenvectors y_k with entries f_k(i/n), `f_k(t) = sin(pi k t + pi (n - k) / (2 n))`, k = 1..n-1. Its linear extension of graph embedding
 * learns by SVD of the mean-removed frames X the map between frames and curve, and reads frames off the continuous curve: `x(t) = U M^-1 F(t) + mean`, t from 1/n to 1.
 * Since the map is exact at the nodes (X = U M^-1 Y^T) and the y_k are orthogonal with `|y_k|^2 = n/2`, U M^-1 = (2/n) X Y, so that
 * `x(t) = mean + (2/n) sum_i x_i sum_k f_k(i/n) f_k(t)`: the same frames without the SVD, and also where frames repeat, which the SVD's inverse does not allow.
 * `tools/golden/tim.py` computes the published form; the test compares.
 *
 * @param given n, the number of frames there are.
 * @param wanted T, the number of frames to make.
 * @param kind
 * @returns T x n weights, row-major.
 * @throws {RangeError} if a number is not a positive integer.
 *
 * @example
 * ```ts
 * import { interpolationWeights } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...interpolationWeights(2, 3, "linear")], [1, 0, 0.5, 0.5, 0, 1]);
 * const tim = interpolationWeights(2, 3, "tim");
 * assertEquals([...tim].map((w) => Math.round(w * 1e6) / 1e6), [1, 0, 0.5, 0.5, 0, 1]);
 * ```
 */
export function interpolationWeights(given: number, wanted: number, kind: Interpolation): Float64Array {
  for (const [name, value] of [["given", given], ["wanted", wanted]] as const) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(
        `Cannot interpolate frames: ${name} must be a positive integer, current value is ${value}`,
      );
    }
  }
  return kind === "linear" ? linearWeights(given, wanted) : timWeights(given, wanted);
}

function linearWeights(n: number, frames: number): Float64Array {
  const weights = new Float64Array(frames * n);
  framePositions(0, n - 1, frames).forEach((position, k) => {
    const below = Math.floor(position), part = position - below;
    weights[k * n + below]! += 1 - part;
    if (part > 0) weights[k * n + below + 1]! += part;
  });
  return weights;
}

function timWeights(n: number, frames: number): Float64Array {
  const weights = new Float64Array(frames * n).fill(1 / n);
  const f = (k: number, t: number) => Math.sin(Math.PI * k * t + Math.PI * (n - k) / (2 * n));
  // T frames from t = 1/n to 1, as framePositions places them among the nodes 1..n.
  framePositions(1, n, frames).forEach((node, row) => {
    for (let k = 1; k < n; k++) {
      const along = 2 / n * f(k, node / n);
      for (let i = 0; i < n; i++) weights[row * n + i]! += along * f(k, (i + 1) / n);
    }
  });
  return weights;
}

/**
 * Brings frames of one size to T frames; values are rounded and kept within 0..255 (TIM may swing beyond).
 *
 * @param frames n frames of equal length, values 0..255.
 * @param wanted T.
 * @param kind `"linear"` or `"tim"`, see `interpolationWeights`.
 * @returns T x length values, one frame after the other. T = n gives the frames.
 * @throws {RangeError} if there is no frame, their lengths differ, or T is not a positive integer.
 *
 * @example
 * ```ts
 * import { interpolateFrames } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const frames = [new Uint8Array([0, 100]), new Uint8Array([10, 50]), new Uint8Array([20, 0])];
 * assertEquals([...interpolateFrames(frames, 3, "tim")], [0, 100, 10, 50, 20, 0]);
 * assertEquals([...interpolateFrames(frames, 5, "linear")], [0, 100, 5, 75, 10, 50, 15, 25, 20, 0]);
 * ```
 */
export function interpolateFrames(
  frames: readonly Uint8Array[],
  wanted: number,
  kind: Interpolation,
): Uint8Array {
  const n = frames.length, length = frames[0]?.length ?? 0;
  const odd = frames.find((frame) => frame.length !== length);
  if (odd !== undefined) {
    throw new RangeError(`Cannot interpolate frames: they have ${length} and ${odd.length} values`);
  }
  const weights = interpolationWeights(n, wanted, kind);
  const out = new Uint8Array(wanted * length);
  const sum = new Float64Array(length);
  for (let k = 0; k < wanted; k++) {
    const row = weights.subarray(k * n, (k + 1) * n), same = row.indexOf(1);
    if (same >= 0 && row.every((w, i) => w === (i === same ? 1 : 0))) {
      out.set(frames[same]!, k * length); // a given frame
      continue;
    }
    sum.fill(0.5);
    for (const [i, frame] of frames.entries()) {
      const w = row[i]!;
      if (w === 0) continue;
      for (let p = 0; p < length; p++) sum[p]! += w * frame[p]!;
    }
    for (let p = 0, o = k * length; p < length; p++, o++) {
      const value = Math.floor(sum[p]! + 1e-9); // a half that rounding of the sum took below
      out[o] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  }
  return out;
}
