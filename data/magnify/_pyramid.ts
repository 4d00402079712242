/** A plane of float values, row-major. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

const kernel = [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16] as const;

/** Blurred by the binomial filter of five taps and halved (Burt & Adelson 1983); the border is mirrored. */
export function reduce({ width, height, values }: Plane): Plane {
  const w = Math.ceil(width / 2), h = Math.ceil(height / 2);
  const rows = new Float32Array(w * height), out = new Float32Array(w * h);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < w; x++) {
      let sum = 0;
      for (let k = -2; k <= 2; k++) sum += kernel[k + 2]! * values[y * width + mirror(2 * x + k, width)]!;
      rows[y * w + x] = sum;
    }
  }
  for (let y = 0; y < h; y++) {
    for (let k = -2; k <= 2; k++) {
      const from = mirror(2 * y + k, height) * w;
      for (let x = 0; x < w; x++) out[y * w + x]! += kernel[k + 2]! * rows[from + x]!;
    }
  }
  return { width: w, height: h, values: out };
}

/** The way back: to the size of the plane that was reduced, blurred by the same filter. */
export function expand({ width, height, values }: Plane, toWidth: number, toHeight: number): Plane {
  const rows = new Float32Array(toWidth * height), out = new Float32Array(toWidth * toHeight);
  for (let x = 0; x < toWidth; x++) {
    for (const [i, weight] of sources(x, width)) {
      for (let y = 0; y < height; y++) rows[y * toWidth + x]! += weight * values[y * width + i]!;
    }
  }
  for (let y = 0; y < toHeight; y++) {
    for (const [i, weight] of sources(y, height)) {
      for (let x = 0; x < toWidth; x++) out[y * toWidth + x]! += weight * rows[i * toWidth + x]!;
    }
  }
  return { width: toWidth, height: toHeight, values: out };
}

/** The samples that reach a place of the doubled grid: three at even places, two at odd ones; weights sum to 1. */
function sources(place: number, size: number): [index: number, weight: number][] {
  const half = Math.floor(place / 2);
  const parts: [number, number][] = place % 2 === 0
    ? [[half - 1, 1 / 8], [half, 6 / 8], [half + 1, 1 / 8]]
    : [[half, 1 / 2], [half + 1, 1 / 2]];
  return parts.map(([index, weight]) => [Math.max(0, Math.min(size - 1, index)), weight]);
}

/** An index beyond the border, mirrored about the border pixel. */
function mirror(index: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1), at = ((index % period) + period) % period;
  return at < size ? at : period - at;
}
