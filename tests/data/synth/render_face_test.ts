import { assert, assertEquals, assertThrows } from "@std/assert";
import { type ActionUnits, contactSheet, drawIdentity, renderFace } from "../../../data/synth/mod.ts";
import { drawFrame } from "../../../data/synth/_frame.ts";
import { poseOf, restPose, type Scene } from "../../../data/synth/_scene.ts";
import { landmarks } from "../../../data/synth/_landmarks.ts";
import { faceMaps } from "../../../data/synth/_maps.ts";
import { motionMaps, moveFace } from "../../../data/synth/_motion.ts";
import { lightFace } from "../../../data/synth/_shade.ts";
import { seededRandom } from "../../../engine/random.ts";

const face = drawIdentity(seededRandom("test"));
const maps = faceMaps(face, 64), motion = motionMaps(face, 64);
const light = { azimuth: -0.3, elevation: 0.5, ambient: 0.4, strength: 1, warmth: 0 };
const lit = lightFace(maps, light);
const sceneWith = (units: ActionUnits, pose = restPose): Scene => ({
  face,
  lit,
  pose,
  motion: moveFace(motion, units),
  gaze: [0, 0],
  blink: 0,
  wall: [0.5, 0.5, 0.5],
  wallSlope: 0,
});
/** How far landmark k moves, pixels of a 96 pixel frame. */
const moved = (units: ActionUnits, k: number) => {
  const [x0, y0] = landmarks(sceneWith({}), 96)[k]!, [x1, y1] = landmarks(sceneWith(units), 96)[k]!;
  return [x1 - x0, y1 - y0] as const;
};
// Of the 68 points: 48 and 54 are the corners of the mouth, 19 and 24 the brows, 8 the chin. The person's right is on the left.
Deno.test("action units move the landmarks that they are known for", () => {
  const [dx, dy] = moved({ "12": 1 }, 54);
  assert(dx > 2 && dy < -3, `smile ${dx} ${dy}`);
  assert(moved({ "15": 1 }, 48)[1] > 3, "corners down");
  assert(moved({ "1": 1, "2": 1 }, 19)[1] < -2, "brows up");
  assert(moved({ "4": 1 }, 21)[1] > 1.5 && moved({ "4": 1 }, 21)[0] > 0.5, "brows down and together");
  assert(moved({ "26": 1 }, 8)[1] > 2, "jaw drops");
  assert(moved({ "26": 1 }, 57)[1] > 6, "lower lip drops");
});

Deno.test("micro-expressions move by one to two pixels", () => {
  const size = (units: ActionUnits, k: number) => Math.hypot(...moved(units, k));
  for (
    const [units, k] of [[{ "12": 0.28 }, 54], [{ "1": 0.28, "2": 0.28 }, 19], [{ "15": 0.28 }, 48]] as const
  ) {
    const pixels = size(units, k);
    assert(pixels > 0.8 && pixels < 2.2, `${JSON.stringify(units)}: ${pixels}`);
  }
});

Deno.test("a unit of one side leaves the other side alone", () => {
  assert(Math.hypot(...moved({ "R12": 1 }, 48)) > 3);
  assert(Math.hypot(...moved({ "R12": 1 }, 54)) < 0.6);
  const [both] = moved({ "12": 1 }, 54), [left] = moved({ "L12": 1 }, 54);
  assert(Math.abs(both - left) < 0.6);
});

Deno.test("the head's pose moves every landmark alike", () => {
  const before = landmarks(sceneWith({}), 96);
  const after = landmarks(sceneWith({}, poseOf({ ...restPose, u: 0.1, v: -0.05 })), 96);
  for (const [k, [x, y]] of after.entries()) {
    assert(
      Math.abs(x - before[k]![0] - 4.8) < 0.01 && Math.abs(y - before[k]![1] + 2.4) < 0.01,
      `landmark ${k}`,
    );
  }
});

Deno.test("an open mouth is dark inside, with teeth above; a closed one is neither", () => {
  const count = (units: ActionUnits, test: (red: number, green: number) => boolean) => {
    const image = drawFrame(sceneWith(units), 48);
    let n = 0;
    for (let y = 33; y < 46; y++) {
      for (let x = 18; x < 30; x++) {
        const i = 3 * (y * 48 + x);
        if (test(image[i]!, image[i + 1]!)) n++;
      }
    }
    return n;
  };
  const dark = (red: number, green: number) => red < 0.3 && green < 0.12;
  assert(count({ "26": 1 }, dark) > 12, `${count({ "26": 1 }, dark)} dark points`);
  assertEquals(count({}, dark), 0);
});

Deno.test("renderFace() draws the same picture for the same face and another for another", () => {
  const one = renderFace(face, { "6": 1, "12": 1 }, { size: 32, noise: 2 });
  assertEquals(one, renderFace(face, { "6": 1, "12": 1 }, { size: 32, noise: 2 }));
  assertEquals([one.width, one.height, one.pixels.length], [32, 32, 3072]);
  const other = renderFace(drawIdentity(seededRandom("other")), { "6": 1, "12": 1 }, { size: 32, noise: 2 });
  assert(one.pixels.some((value, i) => Math.abs(value - other.pixels[i]!) > 40));
});

Deno.test("renderFace() in grey has three equal channels", () => {
  const { pixels } = renderFace(face, {}, { size: 24, grey: true, noise: 3 });
  for (let i = 0; i < pixels.length; i += 3) {
    assert(pixels[i] === pixels[i + 1] && pixels[i] === pixels[i + 2]);
  }
});

Deno.test("renderFace() refuses what it cannot draw", () => {
  assertThrows(() => renderFace(face, { "11": 1 }), RangeError, "current value is 11");
  assertThrows(() => renderFace(face, { "12": 1.5 }), RangeError, "must be in 0..1, current value is 1.5");
  assertThrows(() => renderFace(face, {}, { size: 8 }), RangeError, "at least 16, current value is 8");
});

Deno.test("contactSheet() refuses nothing and unequal sizes", () => {
  assertThrows(() => contactSheet([]), RangeError, "none is given");
  const rows = [[renderFace(face, {}, { size: 16 }), renderFace(face, {}, { size: 18 })]];
  assertThrows(() => contactSheet(rows), RangeError, "current size is 18 x 18");
});
