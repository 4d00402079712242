// Pictures of the report, decoded by sharp.
import { assertEquals } from "@std/assert";
import sharp from "sharp";
import { heatColour } from "../../../page/mod.ts";
import { ticks } from "../../../page/svg.ts";
import { pngUri } from "../../../eval/report/mod.ts";

Deno.test("pngUri() is a PNG of these pixels", async () => {
  const [width, height] = [3, 2];
  const rgba = Uint8Array.from(
    { length: 4 * width * height },
    (_, i) => i % 4 === 3 ? 255 - i : (37 * i) % 256,
  );
  const uri = pngUri(rgba, width, height);
  const bytes = Uint8Array.fromBase64(uri.replace("data:image/png;base64,", ""));
  const { data, info } = await sharp(bytes, { failOn: "warning" }).raw().toBuffer({
    resolveWithObject: true,
  });
  assertEquals([info.format, info.width, info.height, info.channels], ["raw", 3, 2, 4]);
  assertEquals([...data], [...rgba]);
});

Deno.test("heatColour() grows lighter evenly enough to read in grey", () => {
  const lightness = Array.from({ length: 51 }, (_, i) => {
    const [r, g, b] = heatColour(i / 50);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  });
  for (let i = 1; i < lightness.length; i++) assertEquals(lightness[i]! > lightness[i - 1]!, true, `${i}`);
});

Deno.test("ticks() are round, within the range, and few", () => {
  assertEquals(ticks(0, 1, 4), [0, 0.5, 1]);
  assertEquals(ticks(0, 2.3, 4), [0, 1, 2]);
  assertEquals(ticks(1, 90, 6), [20, 40, 60, 80]);
  assertEquals(ticks(-0.2, 0.1, 3), [-0.2, -0.1, 0, 0.1]);
  assertEquals(ticks(3, 3, 4), [3]);
});
