import type { Point } from "./face_finder.ts";

/**
 * An affine map from a point (X, Y) of the cropped picture to the point of the frame:
 * `x = xx X + xy Y + x0`, `y = yx X + yy Y + y0`. Both count from the corner: the centre of the first pixel is (0.5, 0.5).
 * Its two axes stand at right angles.
 */
export interface Placement {
  /** dx/dX. */
  readonly xx: number;
  /** dx/dY. */
  readonly xy: number;
  /** x at (0, 0). */
  readonly x0: number;
  /** dy/dX. */
  readonly yx: number;
  /** dy/dY. */
  readonly yy: number;
  /** y at (0, 0). */
  readonly y0: number;
}

/** Where the eyes of a cropped face lie. */
export interface AlignOptions {
  /**
   * The distance between the centres of the eyes, in parts of the crop's side.
   *
   * @default 0.4
   */
  readonly eyeDistance?: number;
  /**
   * The height of the line through the eyes, from the top, in parts of the crop's side.
   *
   * @default 0.35
   */
  readonly eyeLine?: number;
}

/**
 * The similarity transform (turn, scale, shift; no shear, so that shapes keep their form) that brings the centres of the eyes to two fixed places of a
 * square crop. The centre of an eye is the mean of its six landmarks. One placement serves a whole clip: what moves in the clip still moves in the crop.
 *
 * @param landmarks 68 points of the iBUG scheme, as a `FaceFinder` gives.
 * @param size The crop's side, pixels.
 * @param options
 * @throws {RangeError} if there are not 68 landmarks, the eyes are at one place, or an option makes no sense.
 *
 * @example
 * ```ts
 * import { alignFace, type Point } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const landmarks: Point[] = Array.from({ length: 68 }, (_, i) => i >= 36 && i < 42 ? [100, 80] : [140, 80]);
 * const { xx, xy, x0, yx, yy, y0 } = alignFace(landmarks, 100, { eyeDistance: 0.4, eyeLine: 0.35 });
 * assertEquals([xx, yx, xy, yy], [1, 0, 0, 1]); // eyes 40 pixels apart in the frame and in the crop
 * assertEquals([xx * 30 + xy * 35 + x0, yx * 30 + yy * 35 + y0], [100, 80]); // (0.3, 0.35) of the crop is the left eye
 * ```
 */
export function alignFace(landmarks: readonly Point[], size: number, options: AlignOptions = {}): Placement {
  const { eyeDistance = 0.4, eyeLine = 0.35 } = options;
  if (landmarks.length !== 68) {
    throw new RangeError(`Cannot align face: 68 landmarks are needed, there are ${landmarks.length}`);
  }
  if (!(eyeDistance > 0 && eyeDistance < 1 && eyeLine > 0 && eyeLine < 1)) {
    throw new RangeError(
      `Cannot align face: eyeDistance and eyeLine must lie within 0..1, current values are ${eyeDistance} and ${eyeLine}`,
    );
  }
  const [left, right] = [centre(landmarks.slice(36, 42)), centre(landmarks.slice(42, 48))];
  const unit = eyeDistance * size;
  const xx = (right[0] - left[0]) / unit, yx = (right[1] - left[1]) / unit;
  if (xx === 0 && yx === 0) throw new RangeError("Cannot align face: both eyes are at the same place");
  // The crop's place of the point between the eyes is (size / 2, eyeLine size); Y runs at a right angle to X.
  const x0 = (left[0] + right[0]) / 2 - xx * size / 2 + yx * eyeLine * size;
  const y0 = (left[1] + right[1]) / 2 - yx * size / 2 - xx * eyeLine * size;
  return { xx, xy: yx === 0 ? 0 : -yx, x0, yx, yy: xx, y0 };
}

/** The placement of a whole frame, stretched to a square. */
export function wholeFrame(width: number, height: number, size: number): Placement {
  return { xx: width / size, xy: 0, x0: 0, yx: 0, yy: height / size, y0: 0 };
}

function centre(points: readonly Point[]): Point {
  const sum = points.reduce<Point>(([x, y], [px, py]) => [x + px, y + py], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}
