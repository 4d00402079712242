import type { Colour, FaceIdentity } from "./face_identity.ts";
import type { MotionState } from "./_motion.ts";
import type { LitFace } from "./_shade.ts";

/** Where the head is: shifts in face units, angle in radians, turns as parallax. */
export interface Pose {
  readonly u: number;
  readonly v: number;
  readonly angle: number;
  readonly scale: number;
  readonly yaw: number;
  readonly pitch: number;
  /** Cosine and sine of the angle, divided by the scale: asked for at every point. */
  readonly cos: number;
  readonly sin: number;
}

/** A pose with its cosine and sine. */
export function poseOf(pose: Omit<Pose, "cos" | "sin">): Pose {
  return { ...pose, cos: Math.cos(pose.angle) / pose.scale, sin: Math.sin(pose.angle) / pose.scale };
}

/** The head at rest, facing the camera. */
export const restPose: Pose = poseOf({ u: 0, v: 0, angle: 0, scale: 1, yaw: 0, pitch: 0 });

/** What is in a frame beside the lit face. */
export interface Scene {
  readonly face: FaceIdentity;
  readonly lit: LitFace;
  readonly pose: Pose;
  readonly motion: MotionState;
  /** Where the eyes look, face units. */
  readonly gaze: readonly [u: number, v: number];
  /** How closed the lids are, 0..1. */
  readonly blink: number;
  /** Colour of the wall and how much brighter it is on the right. */
  readonly wall: Colour;
  readonly wallSlope: number;
}
