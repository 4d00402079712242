import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import sharp from "sharp";
import { flowColours, flowImage, loadFlowImages } from "../../../data/mod.ts";

const one = (u: number, v: number, greatest?: number) => {
  const flow = { width: 1, height: 1, u: new Float32Array([u]), v: new Float32Array([v]) };
  return [...flowColours(flow, greatest === undefined ? {} : { greatest }).pixels];
};

Deno.test("flowColours() is the Middlebury wheel", () => {
  // Its 55 colours run red, yellow (15), green (21), cyan (25), blue (36), magenta (49); turn t is at (t + 1) / 2 * 54.
  const near = (actual: number[], expected: number[]) =>
    // to one level: some lie halfway
    assert(actual.every((value, c) => Math.abs(value - expected[c]!) <= 1), `${actual} is not ${expected}`);
  assertEquals(one(1, 0), [255, 0, 0]); // at 0
  near(one(0, 1), [255, 229, 0]); // at 13.5: between floor(255 * 13 / 15) = 221 and 238
  near(one(-1, -1e-9), [0, 209, 255]); // at 27: cyan less 2 of 11 steps, 255 - 46
  near(one(-1, 1e-9), [0, 209, 255]);
  near(one(0, -1), [88, 0, 255]); // at 40.5: between floor(255 * 4 / 13) = 78 and 98
  assertEquals(one(0, 0), [255, 255, 255]);
  near(one(0.5, 0, 1), [255, 127, 127]); // half the motion, half the colour
  assertEquals(one(2, 0, 1), [191, 0, 0]); // beyond the greatest: three quarters as bright
  assertThrows(() => one(1, 0, 0), RangeError, "greatest must be positive");
});

Deno.test("flowImage() stretches each channel, and loadFlowImages() reads it back", async () => {
  const size = 28, count = size * size;
  const flow = {
    width: size,
    height: size,
    u: Float32Array.from({ length: count }, (_, i) => i % size), // 0..27
    v: Float32Array.from({ length: count }, (_, i) => -((i % size) ** 2) / 27), // 0..-27
  };
  const { pixels } = flowImage(flow, { size });
  const channel = (c: number) => pixels.filter((_, i) => i % 3 === c);
  assertEquals(
    [...channel(0).subarray(0, size)],
    Array.from({ length: size }, (_, x) => Math.round(255 * x / 27)),
  );
  assertEquals(
    [...channel(1).subarray(0, size)],
    Array.from({ length: size }, (_, x) => Math.round(255 - 255 * x * x / 729)),
  );
  assertEquals([Math.min(...channel(2)), Math.max(...channel(2))], [0, 255]);
  const folder = await Deno.makeTempDir();
  await sharp(pixels, { raw: { width: size, height: size, channels: 3 } }).png().toFile(
    join(folder, "a.png"),
  );
  await Deno.writeTextFile(
    join(folder, "manifest.csv"),
    "file,database,subject,clip,label\na.png,samm,006,006_1_2,2\n",
  );
  const [image] = await loadFlowImages(folder, { channels: ["u", "v", "strain"] });
  assert(image !== undefined);
  assertEquals(image.pixels, pixels);
  await Deno.remove(folder, { recursive: true });
});

const real = Deno.env.get("M2M_REAL_DATA");
Deno.test({
  name: `flowImage() packs as the field's shared flow images are: each channel from 0 to 255${
    real === undefined ? " (skipped: no real data)" : ""
  }`,
  ignore: real === undefined,
  fn: async () => {
    const images = await loadFlowImages(join(real!, "flow442"));
    assertEquals(images.length, 442);
    for (const { pixels, shape } of images) {
      assertEquals(shape, [28, 28, 3]);
      for (const c of [0, 1, 2]) {
        const channel = pixels.filter((_, i) => i % 3 === c);
        assertEquals([Math.min(...channel), Math.max(...channel)], [0, 255]);
      }
    }
  },
});
