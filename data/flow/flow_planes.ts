import { resizeArea } from "./_area.ts";
import { opticalStrain } from "./optical_strain.ts";
import type { Flow } from "./types.ts";

/** Flow and strain of one size: height x width values each, row-major. */
export interface FlowPlanes extends Flow {
  /** The strain's magnitude, dimensionless. */
  readonly strain: Float32Array;
}

/** The settings of {@linkcode flowPlanes} and {@linkcode flowImage}. */
export interface FlowPlanesOptions {
  /** Width and height of the result; the flow's own size if not given. */
  readonly size?: number;
}

/**
 * Flow and the magnitude of its strain at the size that a network reads. Strain is taken at full size; then all three are brought to
 * `size` by averaging, u and v in pixels of the result.
 *
 * @param flow A flow, at least 2x2.
 * @param options
 * @throws {RangeError} if the flow is smaller or `size` is no positive integer.
 *
 * @example
 * ```ts
 * import { flowPlanes } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const flow = { width: 4, height: 4, u: new Float32Array(16).fill(2), v: new Float32Array(16) };
 * const { u, v, strain } = flowPlanes(flow, { size: 2 });
 * assertEquals([...u], [1, 1, 1, 1]); // half the size, half the pixels
 * assertEquals([...v, ...strain], [0, 0, 0, 0, 0, 0, 0, 0]);
 * ```
 */
export function flowPlanes(flow: Flow, options: FlowPlanesOptions = {}): FlowPlanes {
  const { magnitude } = opticalStrain(flow);
  const { width, height } = flow, { size } = options;
  if (size === undefined) return { ...flow, strain: magnitude };
  if (!Number.isInteger(size) || size < 1) {
    throw new RangeError(
      `Cannot resize optical flow: size must be a positive integer, current value is ${size}`,
    );
  }
  const resized = (plane: Float32Array, unit: number) => {
    const out = resizeArea(plane, width, height, size, size);
    return unit === 1 ? out : out.map((value) => value * unit);
  };
  return {
    width: size,
    height: size,
    u: resized(flow.u, size / width),
    v: resized(flow.v, size / height),
    strain: resized(magnitude, 1),
  };
}
