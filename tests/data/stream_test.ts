import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import sharp from "sharp";
import { programs } from "../../data/_video.ts";
import { type FrameStream, streamImages, streamVideo } from "../../data/mod.ts";
import { UserError } from "../../types.ts";
import { ffmpeg, hasFfmpeg, skipped } from "./_ffmpeg.ts";
import { writeTurn } from "./_turned.ts";

const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name: `${name}${skipped}`, ignore: !hasFfmpeg, fn });

const [width, height, count] = [160, 80, 50];
/** Frame k is about grey 5 k in its lower right corner; the upper left quarter is white, so that turns are seen; the rest is rough, so that a file is long. */
const film = new Uint8Array(count * width * height * 3);
for (let k = 0, o = 0; k < count; k++) {
  for (let p = 0; p < width * height; p++, o += 3) {
    const x = p % width, y = Math.floor(p / width), upper = y < height / 2;
    film.fill(upper && x < width / 2 ? 255 : upper ? (p * 7919 + k * 104729) % 251 : 5 * k, o, o + 3);
  }
}
const raw = `-f rawvideo -pix_fmt rgb24 -s ${width}x${height} -r 25 -i -`;
const kinds = {
  "mjpeg.avi": "-c:v mjpeg -q:v 1",
  "mpeg4.avi": "-c:v mpeg4 -q:v 1 -bf 2",
  "a.mpg": "-c:v mpeg1video -q:v 1",
  "mpeg4.mp4": "-c:v mpeg4 -q:v 1",
  "fast.mp4": "-c:v mpeg4 -q:v 1 -movflags +faststart",
  "a.mkv": "-c:v mpeg4 -q:v 1",
};

interface Seen {
  readonly time: number;
  readonly frame: number;
  readonly size: string;
  /** Of the lower right corner. */
  readonly grey: number;
}

async function all({ frames }: FrameStream): Promise<Seen[]> {
  const seen: Seen[] = [];
  for await (const { pixels, width, height, time, frame } of frames) {
    seen.push({ time, frame, size: `${width}x${height}`, grey: pixels.at(-1)! });
  }
  return seen;
}

for (const [name, options] of Object.entries(kinds)) {
  test(`streamVideo() gives every frame of ${name} with its time; cut in the middle, those before and a sentence`, async () => {
    const folder = await Deno.makeTempDir(), file = join(folder, name), cut = join(folder, `cut_${name}`);
    await ffmpeg(`${raw} ${options} ${file}`, film);
    const stream = await streamVideo(file), seen = await all(stream);
    assertEquals([seen.length, stream.cutShort()], [count, undefined]);
    for (const [k, { time, frame, size, grey }] of seen.entries()) {
      assertEquals([frame, size], [k + 1, "160x80"]);
      assertAlmostEquals(time - seen[0]!.time, k / 25, 1e-3);
      assertAlmostEquals(grey, 5 * k, 6);
    }
    const bytes = await Deno.readFile(file);
    await Deno.writeFile(cut, bytes.subarray(0, Math.floor(0.55 * bytes.length)));
    if (name === "mpeg4.mp4") { // what tells where the frames are stands at its end
      const refused = await assertRejects(
        async () => await all(await streamVideo(cut)),
        UserError,
        "cut off before its first frame",
      );
      assert(refused.message.includes(cut) && !refused.message.includes("\n"));
      return;
    }
    const part = await streamVideo(cut), before = await all(part);
    assert(before.length > 5 && before.length < 40, `${before.length}`);
    // An AVI whose index is cut off begins at 0, whatever its index said,
    // and its last pictures may come in the order of decoding.
    const pictures = (list: Seen[]) =>
      list.slice(0, before.length - 3).map(({ frame, grey }) => [frame, grey]);
    assertEquals(pictures(before), pictures(seen));
    assert(
      part.cutShort()?.startsWith(
        `cut_${name} is cut off or damaged after ${before.at(-1)!.time.toFixed(2)} s`,
      ),
      part.cutShort(),
    );
  });
}

test("streamVideo() tells the true times of a variable rate", async () => {
  const file = join(await Deno.makeTempDir(), "variable.mp4");
  // Frame k at k^2 / 1000 s.
  await ffmpeg(
    `${raw} -vf settb=1/1000,setpts=N*N/1000/TB -fps_mode vfr -enc_time_base 1/1000 -c:v mpeg4 -q:v 1 ${file}`,
    film,
  );
  for (const [k, { time, grey }] of (await all(await streamVideo(file))).entries()) {
    assertAlmostEquals(time, k * k / 1000, 2e-3);
    assertAlmostEquals(grey, 5 * k, 6);
  }
});

test("streamVideo() turns the picture as the metadata say", async () => {
  const folder = await Deno.makeTempDir(), file = join(folder, "a.mp4");
  await ffmpeg(`${raw} -c:v mpeg4 -q:v 1 ${file}`, film);
  await writeTurn(file, 90);
  let white: number[] = [];
  for await (const { pixels, width } of (await streamVideo(file)).frames) {
    assertEquals(width, 80);
    white = [10, 70].map((x) => pixels[3 * (20 * width + x)]!);
    break; // leaves no process behind: the test would fail for it
  }
  assert(white[0]! < 60 && white[1]! > 200, "the white quarter comes to the upper right");
});

test("streamVideo() refuses what is no video, in one sentence", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(join(folder, "text.mp4"), "no video");
  await Deno.writeTextFile(join(folder, "empty.mp4"), "");
  for (const name of ["text.mp4", "empty.mp4"]) {
    const file = join(folder, name);
    const { message } = await assertRejects(
      async () => await all(await streamVideo(file)),
      UserError,
      "it is no video, empty",
    );
    assert(message.includes(file) && !message.includes("\n"), message);
  }
});

Deno.test("streamVideo() without ffmpeg says what to install", async () => {
  const installed = { ...programs };
  Object.assign(programs, { ffmpeg: "ffmpeg-not-installed", ffprobe: "ffprobe-not-installed" });
  try {
    await assertRejects(async () => await all(await streamVideo("a.avi")), UserError, "install ffmpeg");
    await assertRejects(async () => await all(await streamVideo("-")), UserError, "install ffmpeg");
  } finally {
    Object.assign(programs, installed);
  }
});

const grey = (level: number, side = 4) =>
  sharp({ create: { width: side, height: side, channels: 3, background: { r: level, g: level, b: level } } });

Deno.test("streamImages() gives images in the natural order of their names, with their numbers and times", async () => {
  const folder = await Deno.makeTempDir();
  for (const n of [2, 10, 9, 100]) await grey(n).toFile(`${folder}/img${n}.png`);
  await Deno.writeTextFile(`${folder}/notes.txt`, "no image");
  const stream = await streamImages(folder, 200);
  assertEquals((await all(stream)).map(({ frame, time, grey }) => [frame, time, grey]), [
    [2, 0, 2],
    [9, 0.005, 9],
    [10, 0.01, 10],
    [100, 0.015, 100],
  ]);
  assertEquals([stream.announced, stream.cutShort()], [4, undefined]);
  await grey(50).toFile(`${folder}/last.png`); // a name without a number: all count from 1
  assertEquals((await all(await streamImages(folder, 200))).map(({ frame }) => frame), [1, 2, 3, 4, 5]);
});

Deno.test("streamImages() ends before an image that is damaged or of another size, and says so", async () => {
  const folder = await Deno.makeTempDir();
  for (const n of [1, 2, 3]) await grey(n).toFile(`${folder}/img${n}.png`);
  await Deno.writeFile(`${folder}/img4.png`, (await Deno.readFile(`${folder}/img3.png`)).subarray(0, 40));
  const stream = await streamImages(folder, 25);
  assertEquals((await all(stream)).length, 3);
  assert(stream.cutShort()?.includes("could be read up to img3.png, 3 of 4 frames"), stream.cutShort());
  await grey(4, 8).toFile(`${folder}/img4.png`);
  const other = await streamImages(folder, 25);
  assertEquals((await all(other)).length, 3);
  assert(other.cutShort()?.includes("img4.png is 8x8, those before are 4x4"), other.cutShort());
  await Deno.writeTextFile(`${folder}/img0.png`, "");
  await assertRejects(
    async () => await all(await streamImages(folder, 25)),
    UserError,
    "img0.png cannot be read",
  );
  await assertRejects(() => streamImages(folder, 0), RangeError, "fps must be positive");
  await assertRejects(() => streamImages(join(folder, "none"), 25), UserError, "Cannot read the folder");
  await Deno.mkdir(join(folder, "bare"));
  await assertRejects(
    () => streamImages(join(folder, "bare"), 25),
    UserError,
    "holds no JPEG, PNG or BMP image",
  );
});

test("streamVideo() gives no frame from a damaged place on: ffmpeg would patch it up", async () => {
  const folder = await Deno.makeTempDir(), file = join(folder, "a.avi");
  await ffmpeg(`${raw} -c:v mjpeg -q:v 1 ${file}`, film);
  const whole = await all(await streamVideo(file));
  const bytes = await Deno.readFile(file);
  // The codes of a picture in the middle of the file, without its head.
  const middle = bytes.findIndex((byte, i) => i > bytes.length / 2 && byte === 0xff && bytes[i + 1] === 0xda);
  bytes.fill(0xff, middle + 14, middle + 60);
  await Deno.writeFile(file, bytes);
  const stream = await streamVideo(file), seen = await all(stream);
  assert(seen.length > 15 && seen.length < 35, `${seen.length}`);
  assertEquals(seen, whole.slice(0, seen.length));
  assert(stream.cutShort()?.includes(`${seen.length} of 50 frames could be read`), stream.cutShort());
});
