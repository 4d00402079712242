import type { Flow } from "./types.ts";

/** How the skin is stretched and sheared: height x width values each, row-major, dimensionless (pixels of motion per pixel). */
export interface Strain {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** e_xx, stretching from left to right. */
  readonly exx: Float32Array;
  /** e_yy, stretching from top to bottom. */
  readonly eyy: Float32Array;
  /** e_xy = e_yx, shear. */
  readonly exy: Float32Array;
  /** The size of the tensor, 0 or more. */
  readonly magnitude: Float32Array;
}

/**
 * Optical strain (Shreve et al. 2011; Liong et al. 2014): the symmetric part of the flow's gradient, e = (grad u + grad u^T) / 2,
 *
 *     e_xx = du/dx    e_yy = dv/dy    e_xy = (du/dy + dv/dx) / 2    |e| = sqrt(e_xx^2 + e_yy^2 + 2 e_xy^2),
 *
 * |e| being its Frobenius norm. Derivatives are central differences, one-sided at the border. Moving or turning as a whole strains nothing.
 *
 * @param flow A flow, at least 2x2.
 * @throws {RangeError} if it is smaller, or its planes do not fit its size.
 *
 * @example
 * ```ts
 * import { opticalStrain } from "@macro2micro/mer/data";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * // u = 0.1 x, v = 0.3 x: stretched by a tenth, sheared by 0.15.
 * const xs = Float32Array.from({ length: 9 }, (_, i) => i % 3);
 * const { exx, exy, magnitude } = opticalStrain({ width: 3, height: 3, u: xs.map((x) => 0.1 * x), v: xs.map((x) => 0.3 * x) });
 * assertAlmostEquals(exx[4]!, 0.1, 1e-6);
 * assertAlmostEquals(exy[4]!, 0.15, 1e-6);
 * assertAlmostEquals(magnitude[4]!, Math.sqrt(0.01 + 2 * 0.0225), 1e-6);
 * ```
 */
export function opticalStrain(flow: Flow): Strain {
  const { width, height, u, v } = flow;
  if (!(width >= 2 && height >= 2 && u.length === width * height && v.length === width * height)) {
    throw new RangeError(
      `Cannot compute optical strain: the flow must be at least 2x2 with ${width}x${height} values, current numbers are ${u.length} and ${v.length}`,
    );
  }
  const plane = () => new Float32Array(width * height);
  const strain: Strain = { width, height, exx: plane(), eyy: plane(), exy: plane(), magnitude: plane() };
  for (let y = 0, i = 0; y < height; y++) {
    const above = y > 0 ? width : 0, below = y < height - 1 ? width : 0, dy = above && below ? 0.5 : 1;
    for (let x = 0; x < width; x++, i++) {
      const left = x > 0 ? 1 : 0, right = x < width - 1 ? 1 : 0, dx = left && right ? 0.5 : 1;
      const exx = dx * (u[i + right]! - u[i - left]!), eyy = dy * (v[i + below]! - v[i - above]!);
      const exy = 0.5 * (dy * (u[i + below]! - u[i - above]!) + dx * (v[i + right]! - v[i - left]!));
      strain.exx[i] = exx;
      strain.eyy[i] = eyy;
      strain.exy[i] = exy;
      strain.magnitude[i] = Math.sqrt(exx * exx + eyy * eyy + 2 * exy * exy);
    }
  }
  return strain;
}
