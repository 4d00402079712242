import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { programs, rawVideoFrames, videoFrames } from "../../data/_video.ts";
import { loadClip, openVideo } from "../../data/mod.ts";
import { type Sample, UserError } from "../../types.ts";
import { ffmpeg, hasFfmpeg, skipped } from "./_ffmpeg.ts";
import { writeTurn } from "./_turned.ts";

const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name: `${name}${skipped}`, ignore: !hasFfmpeg, fn });

const [width, height, count] = [32, 16, 12];
/** Frame k is grey 20 k; the upper left quarter is white, so that turns are seen. */
const film = new Uint8Array(count * width * height * 3);
for (let k = 0, o = 0; k < count; k++) {
  for (let p = 0; p < width * height; p++, o += 3) {
    film.fill(p % width < width / 2 && p < width * height / 2 ? 255 : 20 * k, o, o + 3);
  }
}
const raw = `-f rawvideo -pix_fmt rgb24 -s ${width}x${height} -r 25 -i -`;
const kinds = {
  "mjpeg.avi": "-c:v mjpeg -q:v 1",
  "ffv1.avi": "-c:v ffv1 -pix_fmt bgr0",
  "mpeg4.avi": "-c:v mpeg4 -q:v 1 -bf 2",
  "a.mpg": "-c:v mpeg1video -q:v 1",
  "mpeg4.mp4": "-c:v mpeg4 -q:v 1",
};

function sampleOf(video: Awaited<ReturnType<typeof openVideo>>): Sample {
  const { source, fps } = video, offset = source.frames - 1;
  return {
    ...{
      database: "own",
      subject: "s1",
      clip: "s1_1",
      label: "unknown",
      source,
      fps,
      onset: 0,
      apex: 3,
      offset,
    },
    apexOrigin: "coded",
  };
}

/** The grey of each frame in a corner of the picture that is not white. */
async function greys(video: Awaited<ReturnType<typeof openVideo>>): Promise<number[]> {
  const frames = video.source.frames;
  const { pixels } = await loadClip(sampleOf(video), { frames, size: 8, channels: 1 });
  return Array.from({ length: frames }, (_, k) => pixels[k * 64 + 8 * 6 + 6]!);
}

for (const [name, options] of Object.entries(kinds)) {
  test(`openVideo() gives every frame of ${name} in its order`, async () => {
    const file = join(await Deno.makeTempDir(), name);
    await ffmpeg(`${raw} ${options} ${file}`, film);
    const video = await openVideo(file);
    assertEquals([video.source.frames, video.width, video.height, video.variableRate], [
      count,
      width,
      height,
      false,
    ]);
    assertAlmostEquals(video.fps, 25, 0.01);
    for (const [k, grey] of (await greys(video)).entries()) assertAlmostEquals(grey, 20 * k, 6);
  });
}

test("openVideo() neither repeats nor drops frames of a variable rate, and says so", async () => {
  const file = join(await Deno.makeTempDir(), "variable.mp4");
  // Frame k at k^2 / 100 s: steps from 0.01 to 0.21 s.
  await ffmpeg(
    `${raw} -vf settb=1/1000,setpts=N*N/100/TB -fps_mode vfr -enc_time_base 1/1000 -c:v mpeg4 -q:v 1 ${file}`,
    film,
  );
  const video = await openVideo(file);
  assertEquals([video.source.frames, video.variableRate], [count, true]);
  assertAlmostEquals(video.spacing[0], 0.01, 0.002);
  assertAlmostEquals(video.spacing[1], 0.21, 0.002);
  assertAlmostEquals(video.fps, 11 / 1.21, 0.05);
  for (const [k, grey] of (await greys(video)).entries()) assertAlmostEquals(grey, 20 * k, 6);
});

test("openVideo() turns the picture as the metadata say, as a player does", async () => {
  const folder = await Deno.makeTempDir(), plain = join(folder, "plain.mp4");
  await ffmpeg(`${raw} -c:v mpeg4 -q:v 1 ${plain}`, film);
  for (const degrees of [90, 180, 270] as const) {
    const file = join(folder, `${degrees}.mp4`);
    await ffmpeg(`-i ${plain} -c copy ${file}`);
    await writeTurn(file, degrees);
    const video = await openVideo(file);
    assertEquals(video.source.turn, degrees);
    assertEquals([video.width, video.height], degrees === 180 ? [width, height] : [height, width]);
    const shown = await ffmpeg(`-i ${file} -frames:v 1 -vf scale=8:8:flags=area -f rawvideo -pix_fmt gray -`);
    const { pixels } = await loadClip(sampleOf(video), { frames: 12, size: 8, channels: 1 });
    for (let i = 0; i < 64; i++) assertAlmostEquals(pixels[i]!, shown[i]!, 40);
    // The white quarter: upper right, lower right, lower left.
    const bright = [[1, 6], [6, 6], [6, 1]][degrees / 90 - 1]!;
    assert(pixels[8 * bright[0]! + bright[1]!]! > 200 && pixels[8 * (7 - bright[0]!) + bright[1]!]! < 60);
    assertEquals((await openVideo(file, { turn: 0 })).width, width);
  }
});

test("a video cut anywhere gives the same frames or one sentence", async () => {
  const folder = await Deno.makeTempDir(), options = { size: 8, channels: 1 } as const;
  const told = new Set<string>();
  for (const [name, encoder] of Object.entries({ ...kinds, "fast.mp4": "-c:v mpeg4 -movflags +faststart" })) {
    const whole = join(folder, name), cut = join(folder, `cut_${name}`);
    await ffmpeg(`${raw} ${encoder} ${whole}`, film);
    const wanted = Array.from({ length: count }, (_, k) => k);
    const { source } = await openVideo(whole);
    const expected = await videoFrames(source, wanted, options);
    const bytes = await Deno.readFile(whole);
    for (const share of [0, 0.2, 0.5, 0.8, 0.97]) {
      await Deno.writeFile(cut, bytes.subarray(0, Math.floor(share * bytes.length)));
      try {
        const video = await openVideo(cut);
        const positions = wanted.slice(0, video.source.frames);
        const frames = await videoFrames(video.source, positions, options);
        for (const k of positions) {
          assertEquals(frames.get(k), expected.get(k), `${name} ${share} frame ${k}`);
        }
        told.add("frames");
      } catch (error) {
        assert(error instanceof UserError && error.message.includes(cut), String(error));
        assert(!error.message.includes("\n") && /copy it again/.test(error.message), error.message);
        told.add(error.message.includes("cut short") ? "cut short" : "damaged");
      }
    }
  }
  assert(told.has("cut short") && told.has("damaged"), [...told].join());
});

test("videoFrames() of a few positions are those of all", async () => {
  const file = join(await Deno.makeTempDir(), "b.avi"), options = { size: 8, channels: 1 } as const;
  await ffmpeg(`${raw} -c:v mpeg4 -q:v 1 -bf 2 ${file}`, film);
  const { source } = await openVideo(file);
  const all = await videoFrames(source, Array.from({ length: count }, (_, k) => k), options);
  const some = await videoFrames(source, [9, 2, 5], options);
  assertEquals([...some].sort(([a], [b]) => a - b), [2, 5, 9].map((k) => [k, all.get(k)]));
  for await (const { position } of rawVideoFrames(source, [0, 11])) {
    assertEquals(position, 0);
    break; // leaves no process behind: the test would fail for it
  }
});

test("openVideo() refuses what is no video, in one sentence", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(join(folder, "text.avi"), "no video");
  for (const name of ["text.avi", "missing.avi"]) {
    await assertRejects(() => openVideo(join(folder, name)), UserError, "it is damaged or no video");
  }
  await ffmpeg(`-f lavfi -i sine=d=1 -c:a pcm_s16le ${folder}/sound.avi`);
  await assertRejects(() => openVideo(join(folder, "sound.avi")), UserError, "it is damaged or no video");
});

Deno.test("openVideo() without ffmpeg says what to install", async () => {
  const installed = { ...programs };
  Object.assign(programs, { ffmpeg: "ffmpeg-not-installed", ffprobe: "ffprobe-not-installed" });
  try {
    await assertRejects(() => openVideo("a.avi"), UserError, "install ffmpeg");
  } finally {
    Object.assign(programs, installed);
  }
});
