import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { programs } from "../../../data/_video.ts";
import { loadClip, readMmi } from "../../../data/mod.ts";
import { UserError } from "../../../types.ts";
import { brief, frames, plant, type Tree } from "./_databases.ts";
import { hasFfmpeg } from "../_ffmpeg.ts";

const marker = (frame: number, type: number) => `<Marker Frame="${frame}" Type="${type}"/>`;
const unit = (number: number, at: [number, number, number, number]) =>
  `<ActionUnit Number="${number}">${marker(1, 0)}${marker(at[0], 1)}${marker(at[1], 2)}${marker(at[2], 3)}${
    marker(at[3], 0)
  }</ActionUnit>`;

function session(
  id: number,
  stem: string,
  parts: { emotion?: string; view?: number; codes?: string; images?: number; avi?: boolean },
): Tree {
  const { emotion, view = 0, codes, images = 0, avi = false } = parts;
  const at = `Sessions/${id}/`;
  return {
    [`${at}session.xml`]:
      `<?xml version="1.0"?><Session><Track filename="${stem}" view="${view}"/></Session>`,
    ...(emotion === undefined
      ? {}
      : { [`${at}${stem}.xml`]: `<M><Metatag Value='${emotion}' Name="Emotion" /></M>` }),
    ...(codes === undefined ? {} : { [`${at}${stem}-oao_aucs.xml`]: `<A>${codes}</A>` }),
    ...frames(1, images, (n) => `${at}${stem}-${String(n).padStart(3, "0")}.jpg`),
    ...(avi ? { [`${at}${stem}.avi`]: "no video" } : {}),
  };
}

/** Runs as on a machine without ffmpeg. */
async function withoutPrograms<T>(run: () => Promise<T>): Promise<T> {
  const installed = { ...programs };
  Object.assign(programs, { ffmpeg: "ffmpeg-not-installed", ffprobe: "ffprobe-not-installed" });
  try {
    return await run();
  } finally {
    Object.assign(programs, installed);
  }
}

Deno.test("readMmi: markers count from 1; the apex is where all action units are at theirs", async () => {
  const root = await plant({
    ...session(1, "S001-001", {
      emotion: "4",
      images: 30,
      codes: unit(6, [4, 9, 18, 26]) + unit(12, [3, 11, 20, 28]),
    }),
    ...session(2, "S001-002", {
      emotion: "6",
      images: 30,
      codes: unit(1, [4, 8, 10, 14]) + unit(2, [5, 12, 20, 24]),
    }),
  });
  const { samples, problems } = await readMmi(root);
  assertEquals(
    samples.map((
      { subject, clip, label, onset, apex, offset, apexOrigin },
    ) => [subject, clip, label, onset, apex, offset, apexOrigin]),
    [
      ["S001", "S001-001", "happy", 2, 10, 27, "coded"],
      ["S001", "S001-002", "surprise", 3, 7, 23, "coded"], // never together: the median apex
    ],
  );
  assertEquals(problems, []);
});

Deno.test("readMmi: without usable markers the whole session with its midpoint", async () => {
  const root = await plant({
    ...session(1, "S001-001", { emotion: "1", images: 9 }),
    ...session(2, "S001-002", { emotion: "2", images: 9, codes: unit(9, [2, 4, 6, 40]) }),
  });
  const { samples, problems } = await readMmi(root);
  assertEquals(samples.map(({ onset, apex, offset, apexOrigin }) => [onset, apex, offset, apexOrigin]), [
    [0, 4, 8, "midpoint"],
    [0, 4, 8, "midpoint"],
  ]);
  assertEquals(brief(problems), ["S001/S001-001 apex", "S001/S001-002 apex"]);
});

Deno.test("readMmi: other emotions, other views, stills and empty sessions are left out by name", async () => {
  const root = await plant({
    ...session(1, "S001-001", { emotion: "7", images: 5 }),
    ...session(2, "S001-002", { emotion: "3", images: 5, view: 2 }),
    ...session(3, "S001-003", { emotion: "3", images: 5, view: 1 }),
    ...session(4, "S001-004", { emotion: "3", images: 1 }),
    ...session(5, "S001-005", { emotion: "3" }),
    ...session(6, "S001-006", { images: 5 }),
    ...session(7, "S002-001", { emotion: "5", images: 5 }),
    ...session(8, "S002-001", { emotion: "5", images: 5 }),
  });
  const { samples, problems } = await readMmi(root);
  assertEquals(samples.map(({ clip, label }) => [clip, label]), [["S002-001", "sadness"]]);
  assertEquals(brief(problems).filter((text) => text.endsWith("dropped")), [
    "S001/S001-001 label dropped",
    "S001/S001-002 view dropped",
    "S001/S001-003 view dropped",
    "S001/S001-004 frames dropped",
    "S001/S001-005 frames dropped",
    "S001/S001-006 label dropped",
  ]);
  assertEquals(brief(problems).filter((text) => text.includes(" session")), ["S002/S002-001 session"]);
});

Deno.test("readMmi: without ffmpeg image sessions are read, videos reported; videos alone are refused", async () => {
  const video = session(1, "S001-001", { emotion: "4", avi: true });
  const both = await plant({ ...video, ...session(2, "S002-001", { emotion: "4", images: 6 }) });
  const { samples, problems } = await withoutPrograms(() => readMmi(both));
  assertEquals(samples.map(({ clip }) => clip), ["S002-001"]);
  assertEquals(brief(problems), ["S001/S001-001 video dropped", "S002/S002-001 apex"]);
  assertStringIncludes(problems[0]!.remedy, "install ffmpeg");
  const alone = await plant(video);
  await withoutPrograms(() => assertRejects(() => readMmi(alone), UserError, "install ffmpeg"));
});

Deno.test("readMmi: no session is refused", async () => {
  await assertRejects(async () => readMmi(await plant({ "readme.txt": "" })), UserError, "no session");
});

Deno.test({
  name: `readMmi: a video's frames come through ffmpeg, turned${hasFfmpeg ? "" : " (skipped: no ffmpeg)"}`,
  ignore: !hasFfmpeg,
  fn: async () => {
    const codes = unit(12, [2, 4, 5, 8]);
    const root = await plant({
      ...session(1, "S001-001", { emotion: "4", codes }),
      ...session(2, "S001-002", { emotion: "4" }),
      ...session(3, "S001-003", { emotion: "4", codes, avi: true }),
    });
    // Ten frames of 16x8, lossless: frame k is grey 20 k, brighter by 40 in the left half.
    const pixels = new Uint8Array(10 * 16 * 8 * 3);
    for (let k = 0, o = 0; k < 10; k++) {
      for (let p = 0; p < 128; p++, o += 3) pixels.fill(20 * k + (p % 16 < 8 ? 40 : 0), o, o + 3);
    }
    for (const stem of ["1/S001-001", "2/S001-002"]) {
      const ffmpeg = new Deno.Command("ffmpeg", {
        args: [
          ..."-v error -f rawvideo -pix_fmt rgb24 -s 16x8 -r 24 -i - -c:v ffv1 -pix_fmt bgr0".split(" "),
          `${root}/Sessions/${stem}.avi`,
        ],
        stdin: "piped",
      }).spawn();
      const writer = ffmpeg.stdin.getWriter();
      await writer.write(pixels);
      await writer.close();
      assertEquals((await ffmpeg.status).success, true);
    }
    const { samples, problems } = await readMmi(root);
    assertEquals(samples.map(({ clip, onset, apex, offset, fps }) => [clip, onset, apex, offset, fps]), [
      ["S001-001", 1, 3, 7, 24],
      ["S001-002", 0, 4, 9, 24],
    ]);
    assertEquals(brief(problems), [
      "S001/S001-002 view",
      "S001/S001-002 apex",
      "S001/S001-003 video dropped",
    ]);
    const upright = await loadClip(samples[0]!, { frames: 4, size: 8, channels: 1 });
    // positions 1, 3, 5, 7; left half brighter
    assertEquals([0, 1, 2, 3].map((k) => upright.pixels[k * 64 + 8]), [60, 100, 140, 180]);
    assertEquals([upright.apex[0], upright.apex[7]], [100, 60]);
    const turned = await loadClip(samples[1]!, { frames: 1, size: 8, channels: 1 });
    // clockwise: what was left is on top
    assertEquals([turned.apex[0], turned.apex[7], turned.apex[63]], [120, 120, 80]);
  },
});
