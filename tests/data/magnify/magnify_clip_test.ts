import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { magnifyClip, type MagnifyOptions } from "../../../data/mod.ts";

const [frames, height, width, fps] = [60, 64, 64, 30];
const band = { fps, low: 0.9, high: 2.1 };

/** Stripes of a wavelength that sway by `reach` pixels at `frequency`. */
function stripes(wavelength: number, reach: number, frequency: number): Float32Array {
  return Float32Array.from({ length: frames * height * width }, (_, i) => {
    const x = i % width, t = Math.floor(i / (width * height));
    const sway = reach * Math.sin(2 * Math.PI * frequency * t / fps);
    return 128 + 50 * Math.sin(2 * Math.PI * (x - sway) / wavelength);
  });
}

/** The sway of the middle row's stripes at the frame, pixels, from their phase (64 pixels hold whole wavelengths). */
function sway(pixels: Float32Array, wavelength: number, t: number): number {
  const start = (t * height + height / 2) * width;
  let [c, s] = [0, 0];
  for (let x = 0; x < width; x++) {
    const angle = 2 * Math.PI * x / wavelength, value = pixels[start + x]! - 128;
    c += value * Math.cos(angle);
    s += value * Math.sin(angle);
  }
  return Math.atan2(-c, s) * wavelength / (2 * Math.PI);
}

/** How far the stripes sway at most. */
function reachOf(pixels: Float32Array, wavelength: number): number {
  return Math.max(...Array.from({ length: frames }, (_, t) => Math.abs(sway(pixels, wavelength, t))));
}

const magnify = (pixels: Float32Array, options: Partial<MagnifyOptions> = {}) =>
  magnifyClip({ pixels, shape: [frames, height, width, 1] }, { ...band, ...options });

Deno.test("magnifyClip() makes a motion within the band 1 + alpha times as large", () => {
  for (const [wavelength, alpha] of [[16, 4], [8, 4], [16, 9]] as const) {
    const reach = wavelength / 100, pixels = stripes(wavelength, reach, 1.5);
    assertAlmostEquals(reachOf(pixels, wavelength), reach, reach * 0.01);
    const gain = reachOf(magnify(pixels, { alpha, cutoff: 0 }), wavelength) / reach;
    // The wave at x - s is s times the slope to first order: tan(2 pi s (1 + alpha) / wavelength) comes out by its angle.
    const expected = Math.atan(2 * Math.PI / 100 * (1 + alpha)) / (2 * Math.PI / 100);
    assertAlmostEquals(gain, expected, 0.06 * expected);
  }
});

Deno.test("magnifyClip() leaves a motion outside the band as it is", () => {
  for (const frequency of [0.5, 3]) {
    const reach = reachOf(magnify(stripes(16, 0.2, frequency), { alpha: 10, cutoff: 0 }), 16);
    assertAlmostEquals(reach, 0.2, 0.01);
  }
});

Deno.test("magnifyClip() spares patterns finer than the cutoff", () => {
  // lambda_0 = 3, lambda_1 = 6: with cutoff 30 and alpha 4, alpha_0 = max(0, 5 * 3 / 30 - 1) = 0, alpha_1 = 0.
  const fine = stripes(4, 0.05, 1.5);
  assertAlmostEquals(reachOf(magnify(fine, { alpha: 4, cutoff: 30 }), 4) / 0.05, 1, 0.15);
  assert(reachOf(magnify(fine, { alpha: 4, cutoff: 0 }), 4) / 0.05 > 4);
  const coarse = stripes(32, 0.3, 1.5);
  assert(reachOf(magnify(coarse, { alpha: 4, cutoff: 30 }), 32) / 0.3 > 1.8);
});

Deno.test("magnifyClip() by colour multiplies slow beats of the light and spares fine motion", () => {
  const beat = (t: number) => Math.sin(2 * Math.PI * 1.5 * t / fps);
  const pixels = stripes(4, 0.05, 1.5).map((value, i) => value + beat(Math.floor(i / (width * height))));
  const out = magnify(pixels, { alpha: 20, mode: "colour" });
  // The light alone: its multiple is exact; the stripes' border adds a little to the mean.
  const light = magnify(Float32Array.from(pixels, (_, i) => beat(Math.floor(i / (width * height)))), {
    alpha: 20,
    mode: "colour",
  });
  for (const t of [0, 5, 12]) assertAlmostEquals(light[t * width * height + 77]!, 21 * beat(t), 1e-3);
  const mean = (values: Float32Array, t: number) =>
    values.subarray(t * width * height, (t + 1) * width * height).reduce((a, b) => a + b) / (width * height);
  assertAlmostEquals(mean(out, 5) - 128, 21, 0.3); // beat(5) = 1
  assertAlmostEquals(mean(pixels, 5) - 128, 1, 0.01);
  assertAlmostEquals(reachOf(out, 4), 0.05, 0.005);
});

Deno.test("magnifyClip() works on each channel and keeps the shape", () => {
  const pixels = new Float32Array(frames * height * width * 3), one = stripes(16, 0.2, 1.5);
  one.forEach((value, i) => pixels.set([value, 7, value], 3 * i));
  const out = magnifyClip({ pixels, shape: [frames, height, width, 3] }, { ...band, alpha: 4 });
  const alone = magnify(one, { alpha: 4 });
  for (let i = 0; i < one.length; i += 97) {
    assertEquals([out[3 * i], out[3 * i + 2]], [alone[i], alone[i]]);
    assertAlmostEquals(out[3 * i + 1]!, 7, 1e-4);
  }
});

Deno.test("magnifyClip() with alpha 0 is the clip, 8 bits or float", () => {
  const bits = Uint8Array.from(stripes(16, 0.2, 1.5), Math.round);
  const out = magnifyClip({ pixels: bits, shape: [frames, height, width, 1] }, { ...band, alpha: 0 });
  assertEquals(out, Float32Array.from(bits));
});

Deno.test("magnifyClip() refuses what makes no sense, naming it", () => {
  const clip = { pixels: new Float32Array(2 * 16), shape: [2, 4, 4, 1] as const };
  const refused = (
    options: Partial<MagnifyOptions>,
    why: string,
    of: Parameters<typeof magnifyClip>[0] = clip,
  ) => {
    assertThrows(() => magnifyClip(of, { fps: 10, low: 5, high: 5, ...options }), RangeError, why);
  };
  refused({}, "at least 2 frames of 4x4", { ...clip, shape: [1, 4, 4, 2] });
  refused({}, "must have 48 values", { ...clip, shape: [3, 4, 4, 1] });
  refused({ fps: 0 }, "fps must be positive");
  refused({ alpha: -1 }, "alpha must be 0 or more");
  refused({ levels: 0 }, "levels must be a positive integer");
  refused({ mode: "linear" as "motion" }, "mode must be motion or colour");
  refused({ high: 6 }, "within 0 to 5 Hz");
  refused(
    { low: 1, high: 2 },
    "2 frames at 10 a second tell frequencies 5.000 Hz apart, none is within 1 to 2",
  );
});
