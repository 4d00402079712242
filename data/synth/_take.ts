import { type Random, seededRandom } from "../../engine/random.ts";
import type { ActionUnits } from "./expressions.ts";
import { type Colour, drawIdentity, type FaceIdentity } from "./face_identity.ts";
import { drawFrame } from "./_frame.ts";
import { type Pose, poseOf, type Scene } from "./_scene.ts";
import { type FaceMaps, faceMaps } from "./_maps.ts";
import { type MotionMaps, motionMaps, moveFace } from "./_motion.ts";
import { type Light, lightFace, type LitFace } from "./_shade.ts";

/** A person ready to be filmed at a frame size. */
export interface Person {
  readonly face: FaceIdentity;
  readonly maps: FaceMaps;
  readonly motion: MotionMaps;
}

/** The camera and the room of a database. */
export interface Studio {
  /** Standard deviation of the noise, in levels of 0..255. */
  readonly noise: number;
  /** Whether the camera sees colour. */
  readonly grey: boolean;
  /** Spread of the light's direction, radians: how much lighting differs between subjects. */
  readonly lightSpread: number;
  /** Colour of the wall. */
  readonly wall: Colour;
  /** How far the head drifts in a clip, pixels of a 96 pixel frame (one standard deviation). */
  readonly drift: number;
}

/** A clip about to be rendered: what each frame shows. */
export interface Take {
  readonly person: Person;
  readonly lit: LitFace;
  readonly studio: Studio;
  readonly units: ActionUnits;
  /** Strength of the expression in every frame, 0..1 of `units`. */
  readonly curve: readonly number[];
  readonly poses: readonly Pose[];
  readonly gaze: readonly [number, number];
  readonly blinks: readonly number[];
  readonly wallSlope: number;
  readonly noise: Random;
}

/** Draws a person and prepares the maps; about two points of a map to a pixel of the frame. */
export function castPerson(random: Random, size: number): Person {
  const face = drawIdentity(random), n = Math.round(size * 1.8);
  return { face, maps: faceMaps(face, n), motion: motionMaps(face, n) };
}

/** The light that a subject is recorded under. */
export function drawLight(random: Random, studio: Studio): Light {
  return {
    azimuth: studio.lightSpread * Math.max(-1.5, Math.min(1.5, random.normal())),
    elevation: 0.35 + 0.35 * random.next(),
    ambient: 0.34 + 0.12 * random.next(),
    strength: 0.97 + 0.1 * random.next(),
    warmth: random.next() - 0.3,
  };
}

/** Prepares a clip: the head drifts slowly and smoothly, one clip in twelve blinks. */
export function prepareTake(
  person: Person,
  lit: LitFace,
  studio: Studio,
  units: ActionUnits,
  curve: readonly number[],
  random: Random,
): Take {
  const frames = curve.length, pixel = 2 / 96;
  const drift = () => {
    // A slow wave plus a slow trend, zero at the first frame on average over clips.
    const [a, b, phase, speed] = [
      random.normal(),
      random.normal(),
      random.next() * 6.28,
      0.5 + random.next(),
    ];
    return (t: number) => 0.6 * a * (Math.sin(phase + 3 * speed * t) - Math.sin(phase)) + 0.5 * b * t;
  };
  const [u, v, angle, yaw, pitch] = [drift(), drift(), drift(), drift(), drift()];
  const start = [random.normal(), random.normal(), random.normal()] as const;
  const poses = Array.from({ length: frames }, (_, i): Pose => {
    const t = frames === 1 ? 0 : i / (frames - 1), d = studio.drift;
    return poseOf({
      u: pixel * (0.7 * start[0] + d * u(t)),
      v: pixel * (0.7 * start[1] + d * v(t)),
      angle: 0.014 * start[2] + 0.006 * d * angle(t),
      scale: 1,
      yaw: 0.03 * start[1] + 0.012 * d * yaw(t),
      pitch: 0.02 * start[0] + 0.012 * d * pitch(t),
    });
  });
  const blinkAt = random.next() < 1 / 12 ? random.integer(frames) : -9;
  return {
    person,
    lit,
    studio,
    units,
    curve,
    poses,
    gaze: [0.012 * random.normal(), 0.008 * random.normal()],
    blinks: curve.map((_, i) => Math.max(0, 1 - Math.abs(i - blinkAt) / 1.6)),
    wallSlope: 0.08 * random.normal(),
    noise: random.fork("noise"),
  };
}

/** What frame i of the clip shows. */
export function sceneOf(take: Take, i: number): Scene {
  const strength = take.curve[i]!;
  const units = Object.fromEntries(Object.entries(take.units).map(([unit, w]) => [unit, w * strength]));
  return {
    face: take.person.face,
    lit: take.lit,
    pose: take.poses[i]!,
    motion: moveFace(take.person.motion, units),
    gaze: take.gaze,
    blink: take.blinks[i]!,
    wall: take.studio.wall,
    wallSlope: take.wallSlope,
  };
}

/** Films frame i: 8-bit RGB, size x size x 3. */
export function filmFrame(take: Take, i: number, size: number): Uint8Array {
  return expose(drawFrame(sceneOf(take, i), size), take.studio, take.noise);
}

/** Normal deviates to read from a random place, because drawing one for each value would cost as much as the face. */
const deviates: Float32Array = (() => {
  const random = seededRandom("camera noise");
  return Float32Array.from({ length: 1 << 16 }, () => random.normal());
})();

/** The camera: a soft shoulder for highlights, colour or grey, noise, 8 bits. */
export function expose(
  image: Float32Array,
  studio: Pick<Studio, "noise" | "grey">,
  random: Random,
): Uint8Array {
  const out = new Uint8Array(image.length);
  let at = random.integer(deviates.length);
  const level = (x: number) => {
    const soft = x > 0.8 ? 0.8 + 0.2 * (1 - Math.exp(-(x - 0.8) / 0.2)) : x;
    at = (at + 1) & 0xffff;
    return Math.max(0, Math.min(255, Math.round(255 * soft + studio.noise * deviates[at]!)));
  };
  for (let i = 0; i < image.length; i += 3) {
    const r = image[i]!, g = image[i + 1]!, b = image[i + 2]!;
    if (studio.grey) out[i] = out[i + 1] = out[i + 2] = level(0.299 * r + 0.587 * g + 0.114 * b);
    else {
      out[i] = level(r);
      out[i + 1] = level(g);
      out[i + 2] = level(b);
    }
  }
  return out;
}

/** Lights a person for a studio. */
export function lightPerson(person: Person, random: Random, studio: Studio): LitFace {
  return lightFace(person.maps, drawLight(random, studio));
}
