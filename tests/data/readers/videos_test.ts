// A clip that is a video file in place of a folder of frames.
import { assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { programs } from "../../../data/_video.ts";
import { loadClip, readCasme2, readSmic } from "../../../data/mod.ts";
import { ffmpeg, hasFfmpeg, skipped } from "../_ffmpeg.ts";
import { brief, casme2Header, frames, plant, sheet } from "./_databases.ts";

/** Twenty frames of 16x16 as a compressed AVI: frame k, from 0, is grey 12 k. */
async function film(): Promise<Uint8Array> {
  const pixels = Uint8Array.from({ length: 20 * 16 * 16 * 3 }, (_, i) => 12 * Math.floor(i / 768));
  const file = await Deno.makeTempFile({ suffix: ".avi" });
  await ffmpeg(`-f rawvideo -pix_fmt rgb24 -s 16x16 -r 30 -i - -c:v mpeg4 -q:v 1 ${file}`, pixels);
  return await Deno.readFile(file);
}

const row = (clip: string, onset: number, apex: number, offset: number) =>
  ["01", clip, null, onset, apex, offset, null, 4, "happiness"] as (string | number | null)[];

Deno.test({
  name: `readCasme2: a compressed video stands for its clip, frames counted from 1${skipped}`,
  ignore: !hasFfmpeg,
  fn: async () => {
    const avi = await film();
    const root = await plant({
      "CASME2-coding-20140508.xlsx": sheet([
        casme2Header,
        row("EP02_01f", 3, 8, 15),
        row("EP03_02", 3, 8, 15),
        row("EP04_03", 3, 8, 40),
        row("EP05_04", 3, 8, 15),
      ]),
      "Compressed/sub01/EP02_01f.avi": avi,
      "Compressed/sub01/EP03_02.avi": avi.subarray(0, Math.floor(0.9 * avi.length)),
      "Compressed/sub01/EP04_03.avi": avi, // the table wants twice as many frames
      ...frames(3, 15, (n) => `Compressed/sub01/EP05_04/img${n}.jpg`),
      "Compressed/sub01/EP05_04.avi": avi, // the folder goes first
      "Compressed/sub01/EP09_09.avi": avi, // no row
    });
    const { samples, problems } = await readCasme2(root);
    assertEquals(
      samples.map((
        { clip, source, onset, apex, offset, fps },
      ) => [clip, source.kind, onset, apex, offset, fps]),
      [
        ["EP02_01f", "video", 2, 7, 14, 200], // the camera's rate, not the file's
        ["EP05_04", "images", 0, 5, 12, 200],
      ],
    );
    assertEquals(brief(problems).filter((text) => text.endsWith("dropped")), [
      "sub01/EP03_02 video dropped",
      "sub01/EP04_03 frames dropped",
      "sub01/EP09_09.avi row dropped",
    ]);
    const cut = problems.find(({ clip }) => clip === "sub01/EP03_02")!;
    assertStringIncludes(cut.remedy, "is cut short");
    const { pixels, apex } = await loadClip(samples[0]!, { frames: 3, size: 4, channels: 1 });
    for (const [found, expected] of [[pixels[0], 24], [apex[0], 84], [pixels[32], 168]] as const) {
      assertAlmostEquals(found!, expected, 6); // positions 2, 7 and 14
    }
  },
});

Deno.test("readCasme2: a video without ffmpeg is reported with the remedy", async () => {
  const root = await plant({
    "CASME2-coding-20140508.xlsx": sheet([casme2Header, row("EP02_01f", 3, 8, 15), row("EP05_04", 3, 8, 15)]),
    "Cropped/sub01/EP02_01f.avi": "",
    ...frames(3, 15, (n) => `Cropped/sub01/EP05_04/img${n}.jpg`),
  });
  const installed = { ...programs };
  Object.assign(programs, { ffmpeg: "ffmpeg-not-installed", ffprobe: "ffprobe-not-installed" });
  try {
    const { samples, problems } = await readCasme2(root);
    assertEquals(samples.map(({ clip }) => clip), ["EP05_04"]);
    const { field, dropped, remedy } = problems.find(({ clip }) => clip === "sub01/EP02_01f")!;
    assertEquals([field, dropped], ["video", true]);
    assertStringIncludes(remedy, "install ffmpeg");
  } finally {
    Object.assign(programs, installed);
  }
});

Deno.test({
  name: `readSmic: a cropped clip may be a video${skipped}`,
  ignore: !hasFfmpeg,
  fn: async () => {
    const avi = await film(), at = "SMIC_all_cropped/HS/s1/micro/surprise";
    const root = await plant({
      [`${at}/s1_sur_01.avi`]: avi,
      ...frames(1, 9, (n) => `${at}/s1_sur_02/image${n}.bmp`),
      [`${at}/s1_sur_02.avi`]: avi, // the folder goes first
    });
    const { samples } = await readSmic(root);
    assertEquals(
      samples.map((
        { clip, label, source, onset, apex, offset },
      ) => [clip, label, source.kind, onset, apex, offset]),
      [
        ["s1_sur_01", "surprise", "video", 0, 9, 19],
        ["s1_sur_02", "surprise", "images", 0, 4, 8],
      ],
    );
  },
});
