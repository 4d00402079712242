import { assert, assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import sharp from "sharp";
import { interpolateFrames, loadClip } from "../../data/mod.ts";
import { type Sample, UserError } from "../../types.ts";

function sampleOf(files: string[], apex = 1): Sample {
  return {
    database: "casme2",
    subject: "sub01",
    clip: "EP01",
    label: "others",
    source: { kind: "images", files },
    onset: 0,
    apex,
    offset: files.length - 1,
    apexOrigin: "coded",
    fps: 200,
  };
}

/** A picture with a horizontal and a vertical ramp, RGB. */
function ramp(width: number, height: number, add = 0): Uint8Array {
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o += 3) pixels.set([x * 4 + add, y * 4 + add, 100 + add], o);
  }
  return pixels;
}

/** A BMP written by hand: bits 8 (grey palette), 24 or 32; top-down or bottom-up. */
function bmp(
  width: number,
  height: number,
  rgb: Uint8Array,
  bits: 8 | 24 | 32,
  topDown: boolean,
): Uint8Array {
  const palette = bits === 8 ? 1024 : 0, stride = Math.ceil(width * bits / 32) * 4;
  const bytes = new Uint8Array(54 + palette + stride * height), view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, 54 + palette, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, topDown ? -height : height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, bits, true);
  for (let i = 0; i < palette / 4; i++) bytes.set([i, i, i, 0], 54 + i * 4);
  for (let y = 0; y < height; y++) {
    const row = 54 + palette + (topDown ? y : height - 1 - y) * stride;
    for (let x = 0; x < width; x++) {
      const [r, g, b] = rgb.subarray((y * width + x) * 3);
      bytes.set(bits === 8 ? [r!] : bits === 24 ? [b!, g!, r!] : [b!, g!, r!, 255], row + x * bits / 8);
    }
  }
  return bytes;
}

async function folder(files: Record<string, Uint8Array>): Promise<(name: string) => string> {
  const path = await Deno.makeTempDir();
  for (const [name, bytes] of Object.entries(files)) await Deno.writeFile(`${path}/${name}`, bytes);
  return (name) => `${path}/${name}`;
}

/** A BMP of 32 bits whose masks say which byte of a pixel holds red, green and blue. */
function masked(width: number, height: number, rgb: Uint8Array, places: readonly number[]): Uint8Array {
  const plain = bmp(width, height, rgb, 32, true), bytes = new Uint8Array(plain.length + 12);
  bytes.set(plain.subarray(0, 54));
  const view = new DataView(bytes.buffer);
  view.setUint32(10, 66, true);
  view.setUint32(30, 3, true);
  places.forEach((place, i) => view.setUint32(54 + 4 * i, 0xff << 8 * place, true));
  for (let i = 0; i < width * height; i++) {
    places.forEach((place, c) => bytes[66 + 4 * i + place] = rgb[3 * i + c]!);
  }
  return bytes;
}

const png = (pixels: Uint8Array, width: number, height: number) =>
  sharp(pixels, { raw: { width, height, channels: 3 } }).png().toBuffer();

Deno.test("loadClip: every way of writing a BMP gives the pixels of the PNG", async () => {
  const [width, height] = [13, 13];
  const rgb = ramp(width, height);
  const at = await folder({
    "a.png": await png(rgb, width, height),
    "b.bmp": bmp(width, height, rgb, 24, false),
    "c.bmp": bmp(width, height, rgb, 24, true),
    "d.bmp": bmp(width, height, rgb, 32, false),
    "e.bmp": masked(width, height, rgb, [2, 1, 0]),
    "f.bmp": masked(width, height, rgb, [0, 1, 2]),
    "g.bmp": masked(width, height, rgb, [3, 1, 2]),
  });
  const load = async (name: string) =>
    (await loadClip(sampleOf([at(name), at(name)]), { frames: 1, size: 13, channels: 3 })).apex;
  assertEquals(await load("a.png"), rgb);
  assert(rgb.some((value, i) => i % 3 === 0 && value !== rgb[i + 2]), "red and blue are the same");
  for (const name of "bcdefg") assertEquals(await load(`${name}.bmp`), rgb, name);
});

Deno.test("loadClip: an 8-bit BMP is grey in one channel and in three", async () => {
  const rgb = ramp(5, 5).map((_, i, all) => all[i - i % 3]!); // r = g = b
  const at = await folder({ "a.bmp": bmp(5, 5, rgb, 8, false) });
  const sample = sampleOf([at("a.bmp"), at("a.bmp")]);
  assertEquals((await loadClip(sample, { frames: 1, size: 5, channels: 3 })).apex, rgb);
  const grey = (await loadClip(sample, { frames: 1, size: 5, channels: 1 })).apex;
  grey.forEach((value, i) => assertAlmostEquals(value, rgb[i * 3]!, 1));
});

Deno.test("loadClip: frames lie at equal steps from onset to offset, blended, rounded", async () => {
  const values = [10, 20, 60, 61];
  const at = await folder(
    Object.fromEntries(
      await Promise.all(
        values.map(async (value, i) => [`${i}.png`, await png(new Uint8Array(12).fill(value), 2, 2)]),
      ),
    ),
  );
  const clip = await loadClip(sampleOf(values.map((_, i) => at(`${i}.png`)), 2), {
    frames: 7,
    size: 2,
    channels: 3,
  });
  assertEquals(clip.shape, [7, 2, 2, 3]);
  // positions 0, 0.5, 1, 1.5, 2, 2.5, 3
  assertEquals([0, 1, 2, 3, 4, 5, 6].map((k) => clip.pixels[k * 12 + 5]), [10, 15, 20, 40, 60, 61, 61]);
  assertEquals(clip.apex, new Uint8Array(12).fill(60));
});

Deno.test("loadClip: crop keeps the named part", async () => {
  const at = await folder({ "a.png": await png(ramp(20, 20), 20, 20) });
  const crop = { left: 0.5, top: 0.25, width: 0.2, height: 0.2 };
  const { apex } = await loadClip(sampleOf([at("a.png"), at("a.png")]), {
    frames: 1,
    size: 4,
    channels: 3,
    crop,
  });
  assertEquals([...apex.subarray(0, 3)], [10 * 4, 5 * 4, 100]);
});

Deno.test("loadClip: 16 bits, CMYK, grey and transparent files become 8-bit RGB and grey", async () => {
  const flat = {
    create: { width: 6, height: 6, channels: 3 as const, background: { r: 200, g: 200, b: 200 } },
  };
  const at = await folder({
    "deep.png": await sharp(flat).toColourspace("rgb16").png().toBuffer(),
    "cmyk.jpg": await sharp(flat).toColourspace("cmyk").jpeg({ quality: 100 }).toBuffer(),
    "grey.png": await sharp(flat).toColourspace("b-w").png().toBuffer(),
    "clear.png": await sharp(flat).ensureAlpha(1).png().toBuffer(),
  });
  assertEquals((await sharp(at("deep.png")).metadata()).depth, "ushort");
  for (const name of ["deep.png", "cmyk.jpg", "grey.png", "clear.png"]) {
    for (const channels of [1, 3] as const) {
      const { apex } = await loadClip(sampleOf([at(name), at(name)]), { frames: 1, size: 6, channels });
      assertEquals(apex.length, 36 * channels);
      for (const value of apex) assertAlmostEquals(value, 200, 16, `${name} ${channels}`);
    }
  }
});

Deno.test("loadClip: a missing, empty, truncated, foreign or odd-sized frame is named in one sentence", async () => {
  const noise = new Uint8Array(64 * 64 * 3).map((_, i) => (i * 7919) % 251);
  const jpeg = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } }).jpeg().toBuffer();
  const at = await folder({
    "good.png": await png(ramp(8, 8), 8, 8),
    "zero.jpg": new Uint8Array(0),
    "cut.jpg": jpeg.subarray(0, jpeg.length / 2),
    "cut.bmp": bmp(8, 8, ramp(8, 8), 24, false).subarray(0, 100),
    "deep.bmp": bmp(8, 8, ramp(8, 8), 24, false).map((value, i) => i === 28 ? 16 : value),
    "odd.bmp": masked(8, 8, ramp(8, 8), [2, 1, 0]).map((value, i) => i === 55 ? 1 : value),
    "text.png": new TextEncoder().encode("not an image"),
    "wide.png": await png(ramp(9, 8), 9, 8),
  });
  const load = (name: string) =>
    loadClip(sampleOf([at("good.png"), at(name)]), { frames: 2, size: 4, channels: 1 });
  const expected: Record<string, string> = {
    "gone.png": "is missing",
    "zero.jpg": "is empty",
    "cut.jpg": "damaged",
    "cut.bmp": "cut short",
    "deep.bmp": "16 bits",
    "odd.bmp": "its colours lie in the bits",
    "text.png": "no image",
    "wide.png": "is 9x8",
  };
  for (const [name, words] of Object.entries(expected)) {
    const error = await assertRejects(() => load(name), UserError, words);
    assertStringIncludes(error.message, at(name));
    assertStringIncludes(error.message, "copy");
    assertEquals(error.message.includes("\n"), false);
  }
});

Deno.test("loadClip: refuses options that make no clip", async () => {
  const sample = sampleOf(["a.png", "b.png"]);
  const good = { frames: 2, size: 4, channels: 1 } as const;
  await assertRejects(() => loadClip(sample, { ...good, frames: 0 }), RangeError, "current value is 0");
  await assertRejects(() => loadClip(sample, { ...good, size: 2.5 }), RangeError, "current value is 2.5");
  const crop = { left: 0.5, top: 0, width: 0.6, height: 1 };
  await assertRejects(() => loadClip(sample, { ...good, crop }), RangeError, "within 0..1");
  await assertRejects(() => loadClip({ ...sample, offset: 2 }, good), RangeError, "the source has 2");
});

Deno.test("loadClip: tim reads every frame from onset to offset and gives what interpolateFrames gives of them", async () => {
  const folder = await Deno.makeTempDir();
  const values = [10, 40, 20, 90, 60];
  const files = await Promise.all(values.map(async (value, i) => {
    const file = `${folder}/img${i}.png`;
    const background = { r: value, g: value, b: value };
    await sharp({ create: { width: 4, height: 4, channels: 3, background } }).toFile(file);
    return file;
  }));
  const clip = await loadClip({
    database: "casme2",
    subject: "sub01",
    clip: "EP01_01",
    label: "others",
    fps: 200,
    source: { kind: "images", files },
    onset: 1,
    apex: 3,
    offset: 4,
    apexOrigin: "coded",
  }, { frames: 7, size: 2, channels: 1, interpolation: "tim" });
  const expected = interpolateFrames(values.slice(1).map((value) => Uint8Array.of(value)), 7, "tim");
  assertEquals(Array.from({ length: 7 }, (_, k) => clip.pixels[4 * k]), [...expected]);
  assertEquals(clip.apex[0], 90);
});
