import { bandPass } from "./_band_pass.ts";
import { expand, type Plane, reduce } from "./_pyramid.ts";

/** A clip as numbers: `pixels` are T x height x width x channels values, row-major, as in `Clip`. */
export interface MagnifiableClip {
  /** The values. */
  readonly pixels: Uint8Array | Float32Array;
  /** T, h, w, C. */
  readonly shape: readonly [frames: number, height: number, width: number, channels: number];
}

/** The settings of {@linkcode magnifyClip}. */
export interface MagnifyOptions {
  /** Frames a second. */
  readonly fps: number;
  /** The lowest frequency that is magnified, Hz. */
  readonly low: number;
  /** The highest frequency that is magnified, Hz. */
  readonly high: number;
  /** How much is added of what is in the band: a motion becomes 1 + alpha times as large. @default 10 */
  readonly alpha?: number;
  /** What is magnified: motion (a Laplacian pyramid) or slow changes of colour over large areas (a Gaussian one). @default "motion" */
  readonly mode?: "motion" | "colour";
  /** Levels of the pyramid, fewer where one would be under 4 pixels wide or high. @default 4 */
  readonly levels?: number;
  /** Motion only: patterns finer than this many pixels are magnified less, since they would break up. 0 spares none. @default 16 */
  readonly cutoff?: number;
}

/** The middle wavelength of a Laplacian pyramid's finest level, pixels; it doubles from level to level. */
const finest = 3;

/**
 * Eulerian video magnification (Wu et al. 2012), which makes small motions visible: each pixel's course over time is filtered to a band of
 * frequencies, multiplied by alpha and added. To first order I(x, t) = f(x + d(t)) becomes f(x + (1 + alpha) d(t)), good while
 * (1 + alpha) d < wavelength / 8. So with `mode: "motion"` it is done on the levels of a Laplacian pyramid with
 *
 *     alpha_l = min(alpha, max(0, (1 + alpha) lambda_l / cutoff - 1)),    lambda_l = 3 * 2^l pixels,
 *
 * and the lowest level, which holds the light, is left as it is. With `mode: "colour"` it is done on one blurred level alone.
 *
 * The band-pass is ideal (a discrete Fourier transform of the clip), so the frequencies to choose from are k fps / T. It takes the
 * clip as periodic: where its ends differ, what is between them counts as motion too. The whole clip is held as floats, about three
 * times over.
 *
 * @param clip At least 2 frames of 4x4.
 * @param options
 * @returns Values of the same shape, not rounded and not cut at 0 and 255.
 * @throws {RangeError} if the clip is smaller, no frequency k fps / T lies in the band, or an option makes no sense.
 *
 * @example
 * ```ts
 * import { magnifyClip } from "@macro2micro/mer/data";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * // 20 grey frames of 8x8 whose brightness beats once a second by 1 level.
 * const level = (t: number) => 100 + Math.sin(2 * Math.PI * t / 20);
 * const pixels = Float32Array.from({ length: 20 * 64 }, (_, i) => level(Math.floor(i / 64)));
 * const out = magnifyClip({ pixels, shape: [20, 8, 8, 1] }, { fps: 20, low: 0.5, high: 2, alpha: 4, mode: "colour" });
 * assertAlmostEquals(out[5 * 64]!, 105, 1e-3); // at its peak: 1 + 4 levels
 * ```
 */
export function magnifyClip(clip: MagnifiableClip, options: MagnifyOptions): Float32Array<ArrayBuffer> {
  const { fps, low, high, alpha = 10, mode = "motion", levels = 4, cutoff = 16 } = options;
  check(clip, { fps, low, high, alpha, mode, levels, cutoff });
  const [count, height, width, channels] = clip.shape;
  const out = Float32Array.from(clip.pixels);
  for (let channel = 0; channel < channels; channel++) {
    const frames = Array.from({ length: count }, (_, t): Plane => {
      const start = t * height * width * channels + channel;
      const values = Float32Array.from({ length: width * height }, (_, i) => out[start + i * channels]!);
      return { width, height, values };
    });
    const added = mode === "motion"
      ? motion(frames, { fps, low, high, levels, gain: (level) => gain(alpha, level, cutoff) })
      : colour(frames, { fps, low, high, levels, alpha });
    added.forEach(({ values }, t) => {
      const start = t * height * width * channels + channel;
      for (let i = 0; i < values.length; i++) out[start + i * channels]! += values[i]!;
    });
  }
  return out;
}

function gain(alpha: number, level: number, cutoff: number): number {
  if (cutoff === 0) return alpha;
  return Math.min(alpha, Math.max(0, (1 + alpha) * finest * 2 ** level / cutoff - 1));
}

interface Band {
  readonly fps: number;
  readonly low: number;
  readonly high: number;
  readonly levels: number;
}

function motion(frames: Plane[], band: Band & { readonly gain: (level: number) => number }): Plane[] {
  const coarser = frames.map(reduce), { width, height } = frames[0]!;
  const details = frames.map(({ values }, t): Plane => {
    const blurred = expand(coarser[t]!, width, height).values;
    return { width, height, values: values.map((value, i) => value - blurred[i]!) };
  });
  return level(0, details, coarser);

  function level(k: number, details: Plane[], coarser: Plane[]): Plane[] {
    bandPass(details.map(({ values }) => values), band.fps, band.low, band.high);
    const factor = band.gain(k), { width, height } = details[0]!, next = coarser[0]!;
    for (const { values } of details) for (let i = 0; i < values.length; i++) values[i]! *= factor;
    if (k + 1 >= band.levels || Math.min(next.width, next.height) < 8) return details;
    const below = coarser.map(reduce);
    const finer = coarser.map(({ values }, t): Plane => {
      const blurred = expand(below[t]!, next.width, next.height).values;
      return { ...next, values: values.map((value, i) => value - blurred[i]!) };
    });
    const added = level(k + 1, finer, below);
    details.forEach(({ values }, t) => {
      const up = expand(added[t]!, width, height).values;
      for (let i = 0; i < values.length; i++) values[i]! += up[i]!;
    });
    return details;
  }
}

function colour(frames: Plane[], band: Band & { readonly alpha: number }): Plane[] {
  const sizes: Plane[] = [];
  let planes = frames;
  for (let k = 0; k < band.levels; k++) {
    const { width, height } = planes[0]!;
    if (Math.min(width, height) < 8) break;
    sizes.push(planes[0]!);
    planes = planes.map(reduce);
  }
  planes = planes.map(({ width, height, values }) => ({ width, height, values: values.slice() }));
  bandPass(planes.map(({ values }) => values), band.fps, band.low, band.high);
  for (const { values } of planes) for (let i = 0; i < values.length; i++) values[i]! *= band.alpha;
  for (const { width, height } of sizes.reverse()) {
    planes = planes.map((plane) => expand(plane, width, height));
  }
  return planes;
}

function check({ pixels, shape }: MagnifiableClip, options: Required<MagnifyOptions>): void {
  const refuse = (why: string): never => {
    throw new RangeError(`Cannot magnify clip: ${why}`);
  };
  const [count, height, width, channels] = shape;
  if (!(count >= 2 && height >= 4 && width >= 4 && channels >= 1)) {
    refuse(`it must have at least 2 frames of 4x4, current shape is ${shape.join(" x ")}`);
  }
  const expected = count * height * width * channels;
  if (pixels.length !== expected) {
    refuse(`it must have ${expected} values, current number is ${pixels.length}`);
  }
  const { fps, low, high, alpha, levels, cutoff, mode } = options;
  if (!(fps > 0 && Number.isFinite(fps))) refuse(`fps must be positive, current value is ${fps}`);
  if (!(alpha >= 0 && Number.isFinite(alpha))) refuse(`alpha must be 0 or more, current value is ${alpha}`);
  if (!(cutoff >= 0)) refuse(`cutoff must be 0 or more, current value is ${cutoff}`);
  if (!Number.isInteger(levels) || levels < 1) {
    refuse(`levels must be a positive integer, current value is ${levels}`);
  }
  if (mode !== "motion" && mode !== "colour") {
    refuse(`mode must be motion or colour, current value is ${mode}`);
  }
  if (!(low > 0 && low <= high && high <= fps / 2)) {
    refuse(
      `low and high must lie within 0 to ${
        fps / 2
      } Hz, half the frame rate, current values are ${low} and ${high}`,
    );
  }
  const first = Math.ceil(low * count / fps - 1e-9) * fps / count;
  if (first > high + 1e-9) {
    refuse(
      `${count} frames at ${fps} a second tell frequencies ${
        (fps / count).toFixed(3)
      } Hz apart, none is within ${low} to ${high}`,
    );
  }
}
