import { seededRandom } from "../../engine/random.ts";
import { drawFrame } from "./_frame.ts";
import { poseOf } from "./_scene.ts";
import { faceMaps } from "./_maps.ts";
import { drawableUnits, motionMaps, moveFace } from "./_motion.ts";
import { lightFace } from "./_shade.ts";
import { expose } from "./_take.ts";
import type { ActionUnits } from "./expressions.ts";
import type { Colour, FaceIdentity } from "./face_identity.ts";

/** The settings of {@linkcode renderFace}. */
export interface RenderFaceOptions {
  /**
   * Width and height in pixels.
   *
   * @default 96
   */
  readonly size?: number;
  /**
   * Where the light comes from: negative is the left of the picture, radians.
   *
   * @default -0.35
   */
  readonly azimuth?: number;
  /**
   * How high the light stands, radians.
   *
   * @default 0.5
   */
  readonly elevation?: number;
  /**
   * How far the head is turned, about -1..1.
   *
   * @default 0
   */
  readonly turn?: number;
  /**
   * Where the eyes look, face units.
   *
   * @default [0, 0]
   */
  readonly gaze?: readonly [u: number, v: number];
  /**
   * How closed the lids are, 0..1.
   *
   * @default 0
   */
  readonly blink?: number;
  /**
   * The wall behind.
   *
   * @default [0.62, 0.64, 0.66]
   */
  readonly wall?: Colour;
  /**
   * Whether the camera sees grey only.
   *
   * @default false
   */
  readonly grey?: boolean;
  /**
   * Standard deviation of the camera's noise, in levels of 0..255.
   *
   * @default 0
   */
  readonly noise?: number;
}

/** A picture: width x height x 3 values 0..255, row-major, red green blue. */
export interface RenderedFace {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** The pixels. */
  readonly pixels: Uint8Array;
}

/**
 * Draws a face with its muscles at work, as the synthetic databases do.
 *
 * @param identity Who; see `drawIdentity`.
 * @param actionUnits Which muscles, by FACS number with an optional side, 0..1: `{ "6": 1, "12": 1 }` smiles.
 * @param options
 * @throws {RangeError} if an action unit is not known or not in 0..1, or the size is no integer of 16 or more.
 *
 * @example
 * ```ts
 * import { drawIdentity, renderFace } from "@macro2micro/mer/data";
 * import { seededRandom } from "@macro2micro/mer/engine";
 * import { assertEquals } from "@std/assert";
 *
 * const face = drawIdentity(seededRandom(1));
 * const { width, height, pixels } = renderFace(face, { "6": 0.9, "12": 1 }, { size: 32 });
 * assertEquals(pixels.length, width * height * 3);
 * ```
 */
export function renderFace(
  identity: FaceIdentity,
  actionUnits: ActionUnits,
  options: RenderFaceOptions = {},
): RenderedFace {
  const { size = 96, azimuth = -0.35, elevation = 0.5, turn = 0, gaze = [0, 0], blink = 0 } = options;
  const { wall = [0.62, 0.64, 0.66], grey = false, noise = 0 } = options;
  if (!Number.isInteger(size) || size < 16) {
    throw new RangeError(
      `Cannot render face: size must be an integer of at least 16, current value is ${size}`,
    );
  }
  for (const [unit, strength] of Object.entries(actionUnits)) {
    if (!drawableUnits.has(unit.replace(/^[LR]/, ""))) {
      throw new RangeError(
        `Cannot render face: action unit must be one of ${
          [...drawableUnits].join(", ")
        }, with L or R before it for one side, current value is ${unit}`,
      );
    }
    if (!(strength >= 0 && strength <= 1)) {
      throw new RangeError(
        `Cannot render face: the strength of action unit ${unit} must be in 0..1, current value is ${strength}`,
      );
    }
  }
  const n = Math.round(size * 1.8), motion = motionMaps(identity, n);
  const light = { azimuth, elevation, ambient: 0.38, strength: 1, warmth: 0.2 };
  const image = drawFrame({
    face: identity,
    lit: lightFace(faceMaps(identity, n), light),
    pose: poseOf({ u: 0, v: 0, angle: 0.03 * turn, scale: 1, yaw: 0.1 * turn, pitch: 0 }),
    motion: moveFace(motion, actionUnits),
    gaze,
    blink,
    wall,
    wallSlope: 0.06,
  }, size);
  return { width: size, height: size, pixels: expose(image, { noise, grey }, seededRandom(identity.seed)) };
}
