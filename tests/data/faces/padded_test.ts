import { assertEquals } from "@std/assert";
import sharp from "sharp";
import { fromPadded, padded } from "../../../data/faces/_padded.ts";

const picture = (width: number, height: number, channels: 1 | 3) => ({
  pixels: Uint8Array.from({ length: width * height * channels }, (_, i) => i * 37 % 251),
  width,
  height,
  channels,
});

Deno.test("padded: the border goes on as sharp continues it, grey becomes RGB", async () => {
  for (const channels of [1, 3] as const) {
    const { pixels, width, height } = picture(30, 20, channels);
    const made = padded({ pixels, width, height, channels });
    const border = { top: 6, bottom: 6, left: 6, right: 6 }; // 0.3 of the shorter side
    const expected = await sharp(pixels, { raw: { width, height, channels } })
      .extend({ ...border, extendWith: "copy" })
      .toColourspace(channels === 1 ? "b-w" : "srgb").raw({ depth: "uchar" }).toBuffer();
    const wanted = channels === 3 ? [...expected] : [...expected].flatMap((value) => [value, value, value]);
    assertEquals([...made.pixels], wanted);
    assertEquals(fromPadded(made.frame, 6.5, 8), [0.5, 2]);
  }
});

Deno.test("padded: a large picture shrinks to a side of 1024, and its points come back", () => {
  const { frame, side } = padded(picture(2048, 96, 1));
  assertEquals(side, { width: 1024 + 2 * 14, height: 48 + 2 * 14 });
  assertEquals(fromPadded(frame, 14 + 512, 14 + 24), [1024, 48]);
});
