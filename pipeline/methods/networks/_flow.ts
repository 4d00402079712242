import type { FlowInput } from "../../../types.ts";
import { interleave, resizePlane } from "./_planes.ts";

/**
 * What described flow is divided by: stored images, 0..255, come to lie in 0..1. Flow in pixels is multiplied by it before, and so
 * is seen as it is.
 */
export const flowUnit = 255;

/**
 * From the flow to the apex to an image of some of its maps, size x size x C.
 *
 * @param ofPixels What becomes of a map of flow in pixels. @default it is multiplied by {@linkcode flowUnit}
 */
export function describeFlow(
  method: string,
  size: number,
  maps: (input: FlowInput) => readonly Float32Array[],
  ofPixels: (plane: Float32Array) => Float32Array = (plane) => plane.map((value) => value * flowUnit),
): (input: FlowInput) => Float32Array {
  return (input) => {
    const [count, height, width] = input.shape;
    if (count !== 1) {
      throw new RangeError(
        `Cannot describe a clip for ${method}: it reads one map of flow, onset to apex, found ${count}`,
      );
    }
    const planes = maps(input).map((plane) => resizePlane(plane, [height, width], size));
    return interleave(input.unit === "pixels" ? planes.map(ofPixels) : planes);
  };
}
