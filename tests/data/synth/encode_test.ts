import { assert, assertEquals } from "@std/assert";
import sharp from "sharp";
import { encodeBmp, encodeImage } from "../../../data/synth/_encode.ts";

const pixels = Uint8Array.from({ length: 5 * 3 * 3 }, (_, i) => (i * 37) % 256);

Deno.test("encodeBmp() writes rows from the bottom, blue first, padded to four bytes", () => {
  const bmp = encodeBmp(pixels, 5, 3), view = new DataView(bmp.buffer);
  assertEquals(new TextDecoder().decode(bmp.subarray(0, 2)), "BM");
  assertEquals([view.getUint32(2, true), bmp.length], [54 + 16 * 3, 54 + 16 * 3]);
  assertEquals([view.getInt32(18, true), view.getInt32(22, true), view.getUint16(28, true)], [5, 3, 24]);
  // The last row of the picture comes first.
  const row = [...pixels.subarray(30, 33)].reverse();
  assertEquals([...bmp.subarray(54, 57)], row);
  assertEquals([...bmp.subarray(54 + 15, 54 + 16)], [0]);
});

Deno.test("encodeImage() writes PNG without loss, grey with one channel", async () => {
  const png = await encodeImage(pixels, 5, 3, "png", false);
  assertEquals([...await sharp(png).raw().toBuffer()], [...pixels]);
  const grey = pixels.map((_, i) => pixels[i - i % 3]!);
  const { data, info } = await sharp(await encodeImage(grey, 5, 3, "png", true)).toColourspace("b-w").raw()
    .toBuffer({ resolveWithObject: true });
  assertEquals([info.channels, [...data]], [1, [...grey].filter((_, i) => i % 3 === 0)]);
});

Deno.test("encodeImage() gives the same JPEG for the same pixels", async () => {
  const one = await encodeImage(pixels, 5, 3, "jpg", false);
  assertEquals(one, await encodeImage(pixels, 5, 3, "jpg", false));
  assert(one[0] === 0xff && one[1] === 0xd8);
});
