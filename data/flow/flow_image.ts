import { flowPlanes, type FlowPlanesOptions } from "./flow_planes.ts";
import type { Flow } from "./types.ts";

/** An 8-bit picture: height x width x 3 values, red green blue, row-major. */
export interface RgbImage {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** height x width x 3 values. */
  readonly pixels: Uint8Array;
}

/**
 * Packs flow into an 8-bit picture as methods on optical flow read it and `loadFlowImages` loads it: red = u, green = v, blue = the magnitude
 * of the strain, each channel stretched from its own least and greatest value to 0..255. A channel without any difference is 0. The
 * stretching loses how strong the motion was: `flowPlanes` keeps it.
 *
 * @param flow A flow, at least 2x2.
 * @param options The networks of STSTNet take `size: 28`.
 * @throws {RangeError} as `flowPlanes`.
 *
 * @example
 * ```ts
 * import { flowImage } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const flow = { width: 2, height: 2, u: new Float32Array([-1, 0, 0, 1]), v: new Float32Array(4) };
 * const { pixels } = flowImage(flow);
 * assertEquals([0, 1, 2, 3].map((pixel) => pixels[3 * pixel]), [0, 128, 128, 255]);
 * assertEquals([0, 1, 2, 3].map((pixel) => pixels[3 * pixel + 1]), [0, 0, 0, 0]);
 * ```
 */
export function flowImage(flow: Flow, options: FlowPlanesOptions = {}): RgbImage {
  const { width, height, u, v, strain } = flowPlanes(flow, options);
  const pixels = new Uint8Array(width * height * 3);
  for (const [channel, plane] of [u, v, strain].entries()) {
    let low = Infinity, high = -Infinity;
    for (const value of plane) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const scale = high > low ? 255 / (high - low) : 0;
    plane.forEach((value, i) => pixels[3 * i + channel] = Math.round((value - low) * scale));
  }
  return { width, height, pixels };
}
