import { assertEquals, assertStringIncludes } from "@std/assert";
import { lookAtVideo } from "../../../data/check/_video_look.ts";
import { programs } from "../../../data/_video.ts";
import { hasFfmpeg } from "../_ffmpeg.ts";

Deno.test("lookAtVideo: says so where ffmpeg is not installed", async () => {
  const { ffmpeg } = programs;
  programs.ffmpeg = "no-such-program";
  try {
    assertStringIncludes((await lookAtVideo("a.avi", 5))!, "ffmpeg is not installed");
  } finally {
    programs.ffmpeg = ffmpeg;
  }
});

Deno.test({
  name: `lookAtVideo: a whole video is nothing to tell, one with fewer frames or cut short is${
    hasFfmpeg ? "" : " (skipped: no ffmpeg)"
  }`,
  ignore: !hasFfmpeg,
  fn: async () => {
    const file = `${await Deno.makeTempDir()}/a.avi`;
    const source = ["-f", "lavfi", "-i", "testsrc=size=64x48:rate=25:duration=0.4", "-c:v", "mjpeg", file];
    await new Deno.Command("ffmpeg", { args: ["-v", "error", ...source], stderr: "null" }).output();
    assertEquals(await lookAtVideo(file, 10), undefined); // 0.4 s at 25 frames a second
    assertEquals(await lookAtVideo(file, 12), "10 of its 12 frames can be decoded");
    const bytes = await Deno.readFile(file);
    await Deno.writeFile(file, bytes.slice(0, Math.floor(bytes.length / 2)));
    assertEquals(typeof await lookAtVideo(file, 10), "string");
  },
});
