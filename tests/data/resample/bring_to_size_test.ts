import { assert, assertEquals } from "@std/assert";
import { resizeRaw } from "../../../data/_decode.ts";
import { bringToSize } from "../../../data/resample/bring_to_size.ts";
import { drawIdentity, renderFace } from "../../../data/mod.ts";
import { seededRandom } from "../../../engine/random.ts";

const face = renderFace(drawIdentity(seededRandom("size")), { "12": 0.6 }, { size: 128, noise: 3 });

Deno.test("bringToSize: near what loadClip makes by sharp, shrunk, grown, cropped, grey", async () => {
  const crop = { left: 0.1, top: 0.2, width: 0.75, height: 0.7 };
  for (const size of [24, 48, 64, 112, 128, 160]) {
    for (const channels of [1, 3] as const) {
      for (const options of [{ size, channels }, { size, channels, crop }]) {
        const expected = (await resizeRaw({ ...face, channels: 3 }, options)).pixels;
        const found = bringToSize(face, options);
        assertEquals(found.length, expected.length);
        let worst = 0, sum = 0;
        for (const [i, value] of found.entries()) {
          const off = Math.abs(value - expected[i]!);
          worst = Math.max(worst, off);
          sum += off;
        }
        // Growing, libvips takes its weights from a table of 64ths.
        const grown = size > ("crop" in options ? 0.7 : 1) * face.width;
        const name = `${size} ${channels} ${options.crop === undefined ? "" : "cropped"}`;
        assert(
          worst <= (grown ? 6 : 2) && sum / found.length < 0.5,
          `${name}: off by ${worst}, ${sum / found.length}`,
        );
      }
    }
  }
});
