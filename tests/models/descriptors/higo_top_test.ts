// HIGO-TOP against its formula, and what it does not see. skimage_golden_test.ts has scikit-image's word on its gradients.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { higoTop, type HigoTopOptions } from "../../../models/mod.ts";
import type { ClipInput } from "../../../types.ts";
import { eachPixel, texture } from "./_naive.ts";

function naive(clip: ClipInput, { bins, circle, weight, grid }: Required<HigoTopOptions>): number[] {
  const [, height, width] = clip.shape, blocks = grid.rows * grid.columns * grid.times;
  const at = (x: number, y: number, t: number) => clip.pixels[(t * height + y) * width + x]!;
  const sums = new Array<number>(blocks * 3 * bins).fill(0), counts = new Array<number>(blocks).fill(0);
  eachPixel(clip.shape, { x: 1, y: 1, t: 1 }, grid, (x, y, t, block) => {
    counts[block]!++;
    const gx = at(x + 1, y, t) - at(x - 1, y, t), gy = at(x, y + 1, t) - at(x, y - 1, t);
    const gt = at(x, y, t + 1) - at(x, y, t - 1);
    [[gx, gy], [gx, gt], [gy, gt]].forEach(([a, b], plane) => {
      if (a === 0 && b === 0) return;
      const degrees = (Math.atan2(b!, a!) * 180 / Math.PI + 360) % (circle === "full" ? 360 : 180);
      const bin = Math.floor(degrees / (circle === "full" ? 360 : 180) * bins + 1e-9) % bins;
      sums[(block * 3 + plane) * bins + bin]! += weight === "magnitude" ? Math.hypot(a!, b!) : 1;
    });
  });
  return sums.map((sum, i) => sum / counts[Math.floor(i / (3 * bins))]!);
}

Deno.test("HIGO-TOP is what its formula says", () => {
  for (const circle of ["full", "half"] as const) {
    for (const weight of ["none", "magnitude"] as const) {
      for (
        const [bins, grid] of [[8, { rows: 2, columns: 3, times: 2 }], [9, {
          rows: 1,
          columns: 1,
          times: 1,
        }]] as const
      ) {
        const clip = texture(8, [7, 13, 16], 6), options = { bins, circle, weight, grid };
        const found = higoTop(clip, options), expected = naive(clip, options);
        assertEquals(found.length, expected.length);
        expected.forEach((value, i) =>
          assert(
            Math.abs(found[i]! - value) <= 1e-5 * Math.max(1, value),
            `${i}: ${found[i]}, expected ${value}`,
          )
        );
      }
    }
  }
});

Deno.test("HIGO-TOP does not change with brightness and contrast, HOG-TOP grows with the latter", () => {
  const clip = texture(9, [6, 12, 12], 20), dark = { ...clip, pixels: clip.pixels.map((v) => v >> 2) };
  const changed = { ...dark, pixels: dark.pixels.map((v) => 3 * v + 20) },
    grid = { rows: 2, columns: 2, times: 1 };
  assertEquals(higoTop(changed, { grid }), higoTop(dark, { grid }));
  const hog = higoTop(dark, { grid, weight: "magnitude" });
  higoTop(changed, { grid, weight: "magnitude" }).forEach((value, i) =>
    assert(Math.abs(value - 3 * hog[i]!) < 1e-4)
  );
});

Deno.test("a clip played backwards mirrors the orientations on XT and YT", () => {
  const clip = texture(10, [5, 10, 10], 40), size = 100, backwards = new Uint8Array(500);
  for (let t = 0; t < 5; t++) backwards.set(clip.pixels.subarray(t * size, (t + 1) * size), (4 - t) * size);
  // Four bins whose middles lie on the axes would need edges elsewhere: take pairs of bins that mirror each other whole.
  const options = { bins: 2, grid: { rows: 1, columns: 1, times: 1 } };
  const a = higoTop(clip, options), b = higoTop({ ...clip, pixels: backwards }, options);
  assertEquals([b[0], b[1]], [a[0], a[1]]);
  for (const plane of [1, 2]) { // only orientations 0 and pi, which lie on an edge, stay on their side
    assert(
      Math.abs(b[2 * plane]! - a[2 * plane + 1]!) < 0.1 &&
        Math.abs(b[2 * plane]! + b[2 * plane + 1]! - a[2 * plane]! - a[2 * plane + 1]!) < 1e-6,
    );
  }
});

Deno.test("colour and clips of two frames are refused", () => {
  assertThrows(() => higoTop(texture(1, [2, 20, 20])), RangeError, "2 frames less 1 at each border");
  assertThrows(() => higoTop(texture(1, [6, 20, 20]), { bins: 0 }), RangeError, "bins must be 1 to 254");
});
