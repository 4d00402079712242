import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { augment, type AugmentOptions } from "../../data/mod.ts";
import { seededRandom } from "../../engine/random.ts";
import type { Clip } from "../../types.ts";

const [T, H, W, C] = [2, 12, 16, 3];
const value = (t: number, y: number, x: number, c: number) => 20 + 6 * x + 3 * y + 10 * c + 5 * t;
const clip: Clip = {
  shape: [T, H, W, C],
  pixels: Uint8Array.from(
    { length: T * H * W * C },
    (_, i) => value(Math.floor(i / (H * W * C)), Math.floor(i / (W * C)) % H, Math.floor(i / C) % W, i % C),
  ),
  apex: Uint8Array.from(
    { length: H * W * C },
    (_, i) => value(1, Math.floor(i / (W * C)), Math.floor(i / C) % W, i % C),
  ),
};
const at = (pixels: Uint8Array, t: number, y: number, x: number, c: number) =>
  pixels[((t * H + y) * W + x) * C + c]!;

Deno.test("augment: everything off gives the clip itself", () => {
  assertEquals(augment(clip, {}, seededRandom(1)) === clip, true);
});

Deno.test("augment: a flip mirrors every frame and the apex; its probability holds", () => {
  const flipped = augment(clip, { flip: 1 }, seededRandom(1));
  for (let y = 0; y < H; y++) {
    for (let x = 0; x < W; x++) {
      assertEquals(at(flipped.pixels, 1, y, x, 2), value(1, y, W - 1 - x, 2));
      assertEquals(at(flipped.apex, 0, y, x, 0), value(1, y, W - 1 - x, 0));
    }
  }
  const random = seededRandom(9);
  let count = 0;
  for (let i = 0; i < 400; i++) count += augment(clip, { flip: 0.25 }, random) === clip ? 0 : 1;
  assertAlmostEquals(count / 400, 0.25, 0.06);
});

Deno.test("augment: geometry is one affine map, the same for all frames and the apex", () => {
  const options: AugmentOptions = { flip: 0.5, rotation: 8, translation: 0.1, scale: 0.1, crop: 0.9 };
  for (let seed = 0; seed < 10; seed++) {
    const moved = augment(clip, options, seededRandom(seed));
    // The picture is linear in x and y, so away from the repeated edges an affine map leaves it linear.
    const slopes = (t: number, c: number) => {
      const p = (y: number, x: number) => at(moved.pixels, t, y, x, c);
      return [(p(6, 10) - p(6, 5)) / 5, (p(8, 8) - p(4, 8)) / 4];
    };
    for (const [t, c] of [[0, 1], [1, 0], [1, 2]] as const) {
      slopes(t, c).forEach((slope, k) => assertAlmostEquals(slope, slopes(0, 0)[k]!, 0.51));
    }
    assertAlmostEquals(at(moved.pixels, 1, 6, 8, 1) - at(moved.pixels, 0, 6, 8, 1), 5, 1);
    for (let i = 0; i < moved.apex.length; i++) {
      assertEquals(moved.apex[i], moved.pixels[H * W * C + i]); // the apex is frame 1 here
    }
    // zoom 0.9 to 1.1 over a crop of 0.9 to 1, rotation up to 8 degrees: the gradient's length follows the zoom
    const [across, down] = slopes(0, 0);
    const length = Math.hypot(across!, down!) / Math.hypot(6, 3);
    assert(length > 0.75 && length < 1.25, `gradient changed by ${length}`);
  }
});

Deno.test("augment: against a naive bilinear loop for a known shift and zoom", () => {
  // A stream that gives fixed draws: translation +x by half its range, no zoom, nothing else.
  const draws = [0.9, 0.5, 0.75, 0.5, 0.5, 0, 0.5, 0.5, 0.5, 0.5];
  let k = 0;
  const random = { ...seededRandom(1), next: () => draws[k++ % draws.length]! };
  const moved = augment(clip, { translation: 0.25 }, random); // shift right by 0.5 * 0.25 * 16 = 2 pixels
  for (let x = 2; x < W; x++) assertEquals(at(moved.pixels, 0, 5, x, 0), value(0, 5, x - 2, 0));
  assertEquals(at(moved.pixels, 0, 5, 0, 0), value(0, 5, 0, 0)); // the edge is repeated
  draws[2] = 0.5;
  draws[4] = 1;
  k = 0;
  const zoomed = augment(clip, { scale: 0.5 }, random); // 1.5 times larger about the middle
  for (const [y, x] of [[3, 4], [6, 9], [10, 13]] as const) {
    const sourceX = (x - 7.5) / 1.5 + 7.5, sourceY = (y - 5.5) / 1.5 + 5.5;
    assertAlmostEquals(at(zoomed.pixels, 0, y, x, 0), 20 + 6 * sourceX + 3 * sourceY, 1);
  }
});

Deno.test("augment: brightness and contrast follow their formula and are clipped", () => {
  const draws = [0.9, 0.5, 0.5, 0.5, 0.5, 0, 0.5, 0.5, 1, 0.75];
  let k = 0;
  const random = { ...seededRandom(1), next: () => draws[k++ % draws.length]! };
  const changed = augment(clip, { contrast: 0.5, brightness: 0.2 }, random);
  const expected = (v: number) => Math.max(0, Math.min(255, Math.round(1.5 * (v - 127.5) + 127.5 + 25.5)));
  clip.pixels.forEach((v, i) => assertEquals(changed.pixels[i], expected(v)));
});

Deno.test("augment: the same seed gives the same pixels; the clip given is never changed", () => {
  const options: AugmentOptions = {
    flip: 0.5,
    rotation: 10,
    translation: 0.1,
    scale: 0.1,
    crop: 0.8,
    brightness: 0.1,
    contrast: 0.1,
  };
  const before = clip.pixels.slice();
  assertEquals(augment(clip, options, seededRandom(3)), augment(clip, options, seededRandom(3)));
  assertEquals(clip.pixels, before);
});

Deno.test("augment: refuses options outside their range", () => {
  assertThrows(
    () => augment(clip, { flip: 1.5 }, seededRandom(1)),
    RangeError,
    "flip must lie within 0..1, current value is 1.5",
  );
  assertThrows(() => augment(clip, { crop: 0 }, seededRandom(1)), RangeError, "crop");
  assertThrows(() => augment(clip, { rotation: NaN }, seededRandom(1)), RangeError, "rotation");
});
