import type { Random } from "../../engine/random.ts";

/** A colour, red, green, blue in 0..1. */
export type Colour = readonly [red: number, green: number, blue: number];

/**
 * What makes a drawn face one person: proportions, colours and hair, but no muscle state, light or camera. Lengths are in
 * face units: the frame spans -1..1 in both directions, u to the right of the picture, v downwards.
 */
export interface FaceIdentity {
  /** Seed of the person's skin and hair texture. */
  readonly seed: string;
  /** Half the face's width at the eyes. */
  readonly width: number;
  /** Where the chin ends. */
  readonly chin: number;
  /** Exponent of the jaw's outline: 2 is pointed, 3.4 is square. */
  readonly jaw: number;
  /** Distance of an eye's centre from the middle. */
  readonly eyeX: number;
  /** Height of the eyes. */
  readonly eyeY: number;
  /** Half the width of an eye. */
  readonly eyeWidth: number;
  /** Half the height of an open eye. */
  readonly eyeHeight: number;
  /** Rise of the eye's outer corner. */
  readonly eyeTilt: number;
  /** Height of the brows' middle. */
  readonly browY: number;
  /** Half the thickness of a brow. */
  readonly browThickness: number;
  /** Rise of the brow's arch. */
  readonly browArch: number;
  /** Half the width of the nose at its wings. */
  readonly noseWidth: number;
  /** Where the nose ends. */
  readonly noseY: number;
  /** Height of the line between the lips. */
  readonly mouthY: number;
  /** Half the width of the mouth. */
  readonly mouthWidth: number;
  /** Thickness of the upper lip; the lower one is a third thicker. */
  readonly lipThickness: number;
  /** Resting height of the corners of the mouth, upwards positive. */
  readonly mouthCurve: number;
  /** Colour of lit skin. */
  readonly skin: Colour;
  /** Colour of the lips. */
  readonly lips: Colour;
  /** Colour of hair and brows. */
  readonly hair: Colour;
  /** Colour of the iris. */
  readonly iris: Colour;
  /** Colour of the clothes. */
  readonly cloth: Colour;
  /** Hair style: 0 short, 1 parted to a side, 2 fringe, 3 long, 4 receding. */
  readonly hairStyle: number;
  /** Height of the hairline. */
  readonly hairline: number;
  /** Strength of a beard's shadow, 0 none .. 1 full. */
  readonly beard: number;
  /** Whether the person wears glasses. */
  readonly glasses: boolean;
  /** Depth of the folds that age leaves at rest, 0..1. */
  readonly age: number;
  /** How strongly the muscles of this person move: about 1. */
  readonly mobility: number;
}

/**
 * Draws a person at random. The eyes stay near (-0.36, -0.17) and (0.36, -0.17), so that faces are registered as the
 * cropped databases are.
 *
 * @param random The stream that decides; the same stream gives the same person.
 *
 * @example
 * ```ts
 * import { drawIdentity } from "@macro2micro/mer/data";
 * import { seededRandom } from "@macro2micro/mer/engine";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(drawIdentity(seededRandom(3)), drawIdentity(seededRandom(3)));
 * ```
 */
export function drawIdentity(random: Random): FaceIdentity {
  const spread = (middle: number, by: number) => middle + by * Math.max(-1.8, Math.min(1.8, random.normal()));
  const seed = String(random.next());
  const tone = random.next();
  const skin = mix([0.97, 0.80, 0.70], [0.50, 0.33, 0.24], tone ** 1.5, random.next() * 0.05);
  const redness = 0.5 + 0.3 * random.next();
  const lips: Colour = [skin[0] * 0.86, skin[1] * (0.78 - 0.22 * redness), skin[2] * (0.84 - 0.2 * redness)];
  const hairs: Colour[] = [[0.10, 0.08, 0.07], [0.16, 0.11, 0.08], [0.27, 0.18, 0.11], [0.45, 0.32, 0.18], [
    0.38,
    0.36,
    0.35,
  ]];
  const hair = hairs[Math.min(random.integer(hairs.length), tone > 0.55 ? 1 : 4)] as Colour;
  const irises: Colour[] = [[0.20, 0.12, 0.07], [0.28, 0.18, 0.09], [0.22, 0.30, 0.20], [0.28, 0.38, 0.48]];
  const hairStyle = random.integer(5);
  const noseWidth = spread(0.15, 0.012) + 0.02 * tone;
  const mouthY = spread(0.535, 0.014);
  return {
    seed,
    width: spread(0.71, 0.028),
    chin: spread(0.985, 0.02),
    jaw: 2.1 + 1.1 * random.next(),
    eyeX: spread(0.345, 0.01),
    eyeY: spread(-0.17, 0.008),
    eyeWidth: spread(0.16, 0.007),
    eyeHeight: spread(0.062, 0.006),
    eyeTilt: spread(0.008, 0.009),
    browY: spread(-0.345, 0.014),
    browThickness: 0.022 + 0.02 * random.next(),
    browArch: spread(0.035, 0.012),
    noseWidth,
    noseY: spread(0.245, 0.016),
    mouthY,
    mouthWidth: spread(0.265, 0.014),
    lipThickness: spread(0.062, 0.011) + 0.012 * tone,
    mouthCurve: spread(0.002, 0.007),
    skin,
    lips,
    hair,
    iris: irises[tone > 0.5 ? random.integer(2) : random.integer(4)] as Colour,
    cloth: [0.15 + 0.6 * random.next(), 0.15 + 0.6 * random.next(), 0.2 + 0.6 * random.next()],
    hairStyle,
    hairline: spread(-0.7, 0.04) - (hairStyle === 4 ? 0.1 : 0),
    beard: hairStyle === 3 || random.next() < 0.6 ? 0 : 0.25 + 0.6 * random.next(),
    glasses: random.next() < 0.14,
    age: random.next() ** 1.5,
    mobility: spread(1, 0.1),
  };
}

/** From one colour to the other, by a share, with a shift between red and blue. */
function mix(from: Colour, to: Colour, share: number, shift: number): Colour {
  const at = (i: 0 | 1 | 2) => from[i] + (to[i] - from[i]) * share;
  return [at(0), at(1), at(2) - shift];
}
