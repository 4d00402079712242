// Our decoder against sharp's (libjpeg), bit for bit, and what it leaves to that one.
import { assert, assertEquals } from "@std/assert";
import sharp from "sharp";
import { decodeJpeg, type Rectangle } from "../../../data/jpeg/decode_jpeg.ts";
import { seededRandom } from "../../../engine/mod.ts";
import { type JpegSettings, writeJpeg } from "./_write_jpeg.ts";

async function bySharp(
  bytes: Uint8Array,
  part?: Rectangle,
): Promise<{ channels: number; pixels: Uint8Array }> {
  const plain = sharp(bytes, { failOn: "error", sequentialRead: true, autoOrient: false });
  const image = (await plain.metadata()).channels === 1 ? plain.toColourspace("b-w") : plain;
  const { data, info } = await (part === undefined ? image : image.extract(part)).raw().toBuffer({
    resolveWithObject: true,
  });
  return { channels: info.channels, pixels: new Uint8Array(data) };
}

async function assertSame(bytes: Uint8Array, what: string, part?: Rectangle): Promise<void> {
  const found = decodeJpeg(bytes, part);
  assert(found !== undefined, `${what}: it was left to sharp`);
  const pixels = found.pixels.slice(), expected = await bySharp(bytes, part);
  assertEquals(found.channels, expected.channels, what);
  assertEquals(pixels.length, expected.pixels.length, what);
  const differs = pixels.findIndex((value, i) => value !== expected.pixels[i]);
  assertEquals(
    differs,
    -1,
    `${what}: byte ${differs} is ${pixels[differs]}, sharp's ${expected.pixels[differs]}`,
  );
}

function partOf(width: number, height: number, random: ReturnType<typeof seededRandom>): Rectangle {
  const left = random.integer(width), top = random.integer(height);
  return {
    left,
    top,
    width: 1 + random.integer(width - left),
    height: 1 + random.integer(height - top),
  };
}

const full = [1, 1] as const;
const samplings: Record<string, JpegSettings["sampling"]> = {
  grey: [full],
  "grey, factors of 2": [[2, 2]],
  "4:4:4": [full, full, full],
  "4:2:2": [[2, 1], full, full],
  "4:2:0": [[2, 2], full, full],
};

for (const [name, sampling] of Object.entries(samplings)) {
  Deno.test(`jpeg: random coefficients, ${name}: sharp's pixels, whole and in parts`, async () => {
    const random = seededRandom(7).fork(name);
    for (let round = 0; round < 24; round++) {
      const width = 8 + random.integer(90), height = 1 + random.integer(90);
      const settings = {
        width,
        height,
        sampling,
        restart: round % 3 === 0 ? 1 + random.integer(9) : 0,
        quantiser: [1, 4, 40, 255][round % 4]!,
        density: [0.02, 0.2, 0.9][round % 3]!,
      };
      const bytes = writeJpeg(settings, random), what = JSON.stringify(settings);
      await assertSame(bytes, what);
      const part = partOf(width, height, random);
      await assertSame(bytes, `${what} ${JSON.stringify(part)}`, part);
    }
  });
}

/** A picture with soft and hard edges. */
function picture(width: number, height: number) {
  const pixels = Uint8Array.from(
    { length: 3 * width * height },
    (_, i) => 128 + 120 * Math.sin(i / 7) * Math.cos(i / (3 * width) / 5) + (i % 11 === 0 ? 7 : 0),
  );
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

Deno.test("jpeg: pictures of sharp's encoder at every kind of quality, its own tables and optimised ones", async () => {
  const random = seededRandom(3);
  for (const quality of [1, 20, 50, 80, 95, 100]) {
    for (const chromaSubsampling of ["4:2:0", "4:4:4"]) {
      for (const optimiseCoding of [false, true]) {
        const [width, height] = [33 + random.integer(60), 33 + random.integer(60)];
        const options = { quality, chromaSubsampling, optimiseCoding };
        const bytes = new Uint8Array(await picture(width, height).jpeg(options).toBuffer());
        await assertSame(bytes, JSON.stringify(options));
        await assertSame(bytes, JSON.stringify(options), partOf(width, height, random));
      }
    }
  }
});

Deno.test("jpeg: other kinds are left to sharp", async () => {
  const image = picture(40, 30), base = { width: 24, height: 24, restart: 0, quantiser: 9, density: 0.2 };
  const colour = [full, full, full], random = seededRandom(1);
  const kinds: Record<string, Uint8Array> = {
    progressive: await image.jpeg({ progressive: true }).toBuffer(),
    cmyk: await image.clone().toColourspace("cmyk").jpeg().toBuffer(),
    "a colour profile": await image.clone().withIccProfile("p3").jpeg().toBuffer(),
    png: await image.clone().png().toBuffer(),
    empty: new Uint8Array(),
    "4:4:0": writeJpeg({ ...base, sampling: [[1, 2], full, full] }, random),
    "Adobe's marker": writeJpeg(
      {
        ...base,
        sampling: colour,
        extra: [[0xee, ...new TextEncoder().encode("Adobe"), 0, 100, 0, 0, 0, 0, 0]],
      },
      random,
    ),
  };
  for (const [name, bytes] of Object.entries(kinds)) assertEquals(decodeJpeg(bytes), undefined, name);
  // The same without what makes it another kind is not.
  assert(decodeJpeg(writeJpeg({ ...base, sampling: colour }, random)) !== undefined);
});

Deno.test("jpeg: a damaged file is never decoded into other pixels than sharp's, and what sharp refuses is left to it", async () => {
  const random = seededRandom(11);
  let decoded = 0, left = 0;
  for (let round = 0; round < 300; round++) {
    const sampling = Object.values(samplings)[round % 5]!, [width, height] = [40, 40];
    const restart = round % 4 === 0 ? 3 : 0;
    const bytes = writeJpeg({ width, height, sampling, restart, quantiser: 30, density: 0.1 }, random);
    const damaged = round % 3 === 0 ? bytes.slice(0, 1 + random.integer(bytes.length - 1)) : bytes.slice();
    if (round % 3 > 0) {
      for (let k = 0; k < round % 3; k++) damaged[2 + random.integer(bytes.length - 2)] = random.integer(256);
    }
    const part = round % 2 === 0 ? undefined : partOf(width, height, random);
    if (decodeJpeg(damaged, part) === undefined) left++;
    else {
      decoded++;
      await assertSame(damaged, `round ${round}`, part);
    }
  }
  assert(decoded > 20 && left > 100, `${decoded} decoded, ${left} left`);
});
