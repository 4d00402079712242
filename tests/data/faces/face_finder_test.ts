import { Buffer } from "node:buffer";
import { assert, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import sharp from "sharp";
import { openFaceFinder, type Picture, readCkplus, synthesizeDatabases } from "../../../data/mod.ts";
import { useEngine } from "../../_engine.ts";

/** Three drawn people and where the renderer knows their landmarks to be (CK+ hands them out as files). */
async function drawnPeople(): Promise<{ picture: Picture; landmarks: number[][] }[]> {
  const root = `${await Deno.makeTempDir()}/synthetic`;
  const subjects = { casme2: 0, smic: 0, samm: 0, ckplus: 3, mmi: 0 };
  await synthesizeDatabases(root, { subjects, macroClipsPerSubject: 2, macroFrames: 6, size: 128 });
  const { samples } = await readCkplus(`${root}/ckplus`);
  const one = samples.filter((sample, i) => samples.findIndex((s) => s.subject === sample.subject) === i);
  return await Promise.all(one.map(async ({ source }) => {
    const file = source.kind === "images" ? source.files[0]! : "";
    const text = await Deno.readTextFile(
      file.replace("cohn-kanade-images", "Landmarks").replace(".png", "_landmarks.txt"),
    );
    return {
      picture: await read(sharp(file)),
      landmarks: text.trim().split("\n").map((line) => line.trim().split(/\s+/).map(Number)),
    };
  }));
}

async function read(image: ReturnType<typeof sharp>): Promise<Picture> {
  const { data, info } = await image.removeAlpha().toColourspace("srgb").raw({ depth: "uchar" }).toBuffer({
    resolveWithObject: true,
  });
  return {
    pixels: new Uint8Array(data),
    width: info.width,
    height: info.height,
    channels: info.channels as 1 | 3,
  };
}

const centre = (points: readonly (readonly number[])[], axis: 0 | 1) =>
  points.reduce((sum, point) => sum + point[axis]!, 0) / points.length;

Deno.test("finder: drawn faces, their eyes where the renderer drew them", async () => {
  await useEngine();
  const finder = await openFaceFinder();
  const people = await drawnPeople();
  assertEquals(people.length, 3);
  for (const { picture, landmarks } of people) {
    const faces = await finder.find(picture);
    assertEquals(faces.length, 1);
    const points = faces[0]!.landmarks;
    assertEquals(points.length, 68);
    const apart = centre(landmarks.slice(42, 48), 0) - centre(landmarks.slice(36, 42), 0);
    for (const [from, to] of [[36, 42], [42, 48]] as const) {
      for (const axis of [0, 1] as const) {
        const off = centre(points.slice(from, to), axis) - centre(landmarks.slice(from, to), axis);
        assert(
          Math.abs(off) < 0.12 * apart,
          `eye ${from} off by ${off.toFixed(1)} px, eyes ${apart.toFixed(1)} px apart`,
        );
      }
    }
  }
});

Deno.test("finder: two faces are two, a lying one is none, noise is none", async () => {
  await useEngine();
  const finder = await openFaceFinder();
  const { picture } = (await drawnPeople())[0]!;
  const { width, height, channels, pixels } = picture;
  const raw = { width, height, channels }, input = Buffer.from(pixels);
  const pair = await read(
    sharp({ create: { width: 2 * width, height, channels: 3, background: "grey" } })
      .composite([{ input, raw, left: 0, top: 0 }, { input, raw, left: width, top: 0 }]),
  );
  const two = await finder.find(pair);
  assertEquals(two.length, 2);
  assert(Math.abs(Math.abs(two[0]!.box.left - two[1]!.box.left) - width) < 0.1 * width);
  assertEquals(await finder.find(await read(sharp(pixels, { raw }).rotate(90))), []);
  const noise = { ...picture, pixels: pixels.map((_, i) => (i * 2654435761 >>> 7) & 255) };
  assertEquals(await finder.find(noise), []);
  await assertRejects(() => finder.find({ ...picture, width: 7 }), RangeError, "7x128x3 has");
});

Deno.test("finder: a picture of twice the size gives twice the coordinates; neither engine nor memory is touched", async () => {
  await useEngine();
  const backend = tf.getBackend();
  const finder = await openFaceFinder();
  const { picture } = (await drawnPeople())[1]!;
  const [small] = await finder.find(picture);
  const before = tf.memory().numTensors;
  const { width, height, channels, pixels } = picture;
  // 2176 pixels are shrunk again before the search: another path to the same place
  for (const times of [2, 17]) {
    const large = await read(
      sharp(pixels, { raw: { width, height, channels } }).resize(times * width, times * height, {
        kernel: "cubic",
      }),
    );
    const [face] = await finder.find(large);
    for (const i of [30, 36, 45, 57]) {
      const [x, y] = face!.landmarks[i]!, [sx, sy] = small!.landmarks[i]!;
      assert(
        Math.hypot(x / times - sx, y / times - sy) < 0.03 * width,
        `point ${i} at ${x / times}, ${y / times}, was ${sx}, ${sy}`,
      );
    }
  }
  assertEquals(tf.memory().numTensors, before);
  assertEquals(tf.getBackend(), backend);
});
