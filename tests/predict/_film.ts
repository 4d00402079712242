import { castPerson, filmFrame, lightPerson, prepareTake, type Studio } from "../../data/synth/_take.ts";
import { expressionCurve } from "../../data/mod.ts";
import { seededRandom } from "../../engine/random.ts";

const studio: Studio = { noise: 1.5, grey: false, lightSpread: 0.2, wall: [0.5, 0.55, 0.6], drift: 0.3 };

/** When somebody's face moves: frames from 0, and how (action units at their strongest). */
export interface Performance {
  readonly units: Readonly<Record<string, number>>;
  readonly onset: number;
  readonly apex: number;
  readonly offset: number;
}

/** Films a drawn person: `count` frames of side x side x 3 values; still but for the performances. */
export function film(
  name: string,
  side: number,
  count: number,
  performances: readonly Performance[] = [],
): Uint8Array[] {
  const random = seededRandom(name),
    person = castPerson(random, side),
    lit = lightPerson(person, random, studio);
  const still = Array.from({ length: count }, () => 0);
  const frames: Uint8Array[] = [];
  const takes = performances.map((of) => ({
    of,
    take: prepareTake(
      person,
      lit,
      studio,
      of.units,
      still.map((_, k) => expressionCurve(k, of.onset, of.apex, of.offset)),
      seededRandom(`${name} take`),
    ),
  }));
  const rest = prepareTake(person, lit, studio, {}, still, seededRandom(`${name} take`));
  const steady = <T extends { blinks: readonly number[] }>(take: T): T => ({ ...take, blinks: still });
  for (let k = 0; k < count; k++) {
    const acting = takes.find(({ of }) => k > of.onset && k < of.offset);
    frames.push(filmFrame(steady(acting?.take ?? rest), k, side));
  }
  return frames;
}

/** Pictures of one size beside each other, or on a wall of that size. */
export function placed(
  pictures: readonly {
    readonly pixels: Uint8Array;
    readonly side: number;
    readonly left: number;
    readonly top: number;
  }[],
  width: number,
  height: number,
  level = 140,
): Uint8Array {
  const out = new Uint8Array(width * height * 3).fill(level);
  for (const { pixels, side, left, top } of pictures) {
    for (let y = 0; y < side; y++) {
      out.set(pixels.subarray(y * side * 3, (y + 1) * side * 3), ((top + y) * width + left) * 3);
    }
  }
  return out;
}

/** Frames one after the other, as raw video. */
export function joined(frames: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(frames.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const frame of frames) {
    out.set(frame, at);
    at += frame.length;
  }
  return out;
}
