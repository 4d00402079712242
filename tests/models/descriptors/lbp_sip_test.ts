// LBP-SIP against its formula, and its invariance.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { lbpSip } from "../../../models/mod.ts";
import { eachPixel, texture } from "./_naive.ts";

Deno.test("LBP-SIP is what its formula says", () => {
  for (
    const [radii, grid, shape] of [
      [{ x: 1, y: 1, t: 2 }, { rows: 2, columns: 3, times: 1 }, [8, 15, 21]],
      [{ x: 2, y: 3, t: 1 }, { rows: 3, columns: 2, times: 2 }, [7, 20, 35]],
    ] as const
  ) {
    const clip = texture(4, shape, 12),
      [, height, width] = clip.shape,
      blocks = grid.rows * grid.columns * grid.times;
    const at = (x: number, y: number, t: number) => clip.pixels[(t * height + y) * width + x]!;
    const sums = new Array<number>(blocks * 20).fill(0), counts = new Array<number>(blocks).fill(0);
    eachPixel(clip.shape, radii, grid, (x, y, t, block) => {
      const own = at(x, y, t), bit = (value: number, p: number) => value >= own ? 2 ** p : 0;
      const spatial = bit(at(x + radii.x, y, t), 0) + bit(at(x, y + radii.y, t), 1) +
        bit(at(x - radii.x, y, t), 2) + bit(at(x, y - radii.y, t), 3);
      const temporal = bit(at(x, y, t - radii.t), 0) + bit(at(x, y, t + radii.t), 1);
      sums[block * 20 + spatial]!++;
      sums[block * 20 + 16 + temporal]!++;
      counts[block]!++;
    });
    const found = lbpSip(clip, { radii, grid });
    assertEquals(found.length, sums.length);
    sums.forEach((sum, i) => assert(Math.abs(found[i]! - sum / counts[Math.floor(i / 20)]!) < 1e-6));
  }
});

Deno.test("LBP-SIP does not change when grey values change by a monotone curve", () => {
  const clip = texture(2, [6, 14, 14], 30),
    curve = (value: number) => Math.round(255 * (value / 255) ** 2 + value) >> 1;
  // The curve must keep different values different: halve the range first.
  const dark = { ...clip, pixels: clip.pixels.map((v) => v >> 2) };
  const bent = { ...dark, pixels: dark.pixels.map((v) => v + curve(v)) };
  assertEquals(
    lbpSip(bent, { grid: { rows: 2, columns: 2, times: 1 } }),
    lbpSip(dark, { grid: { rows: 2, columns: 2, times: 1 } }),
  );
});

Deno.test("a clip played backwards exchanges the two temporal neighbours", () => {
  const clip = texture(6, [7, 12, 12], 25), frames = 7, size = 144;
  const backwards = new Uint8Array(clip.pixels.length);
  for (let t = 0; t < frames; t++) {
    backwards.set(clip.pixels.subarray(t * size, (t + 1) * size), (frames - 1 - t) * size);
  }
  const options = { grid: { rows: 1, columns: 1, times: 1 } };
  const a = lbpSip(clip, options), b = lbpSip({ ...clip, pixels: backwards }, options);
  assertEquals([...b.subarray(0, 16)], [...a.subarray(0, 16)]);
  assertEquals([b[16], b[17], b[18], b[19]], [a[16], a[18], a[17], a[19]]);
});

Deno.test("a clip without enough frames is refused", () => {
  assertThrows(() => lbpSip(texture(1, [4, 12, 12])), RangeError, "4 frames less 2 at each border");
});
