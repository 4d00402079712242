// LBP-TOP and the gradients of HIGO-TOP against scikit-image; tools/golden/descriptors.py makes the numbers.
import { assert, assertEquals } from "@std/assert";
import { higoTop, lbpTop } from "../../../models/mod.ts";

interface Golden {
  readonly shape: [number, number, number];
  readonly radius: number;
  readonly pixels: number[];
  readonly lbp: number[][];
  readonly hog: number[];
}

const file = new URL("../../golden/descriptors.json", import.meta.url);
const golden = JSON.parse(await Deno.readTextFile(file)) as Golden;
const pixels = Uint8Array.from(golden.pixels), grid = { rows: 1, columns: 1, times: 1 };

Deno.test("scikit-image's local_binary_pattern has the same codes on XY, XT and YT", () => {
  const r = golden.radius, options = { radii: { x: r, y: r, t: r }, patterns: "all", grid } as const;
  const found = lbpTop({ kind: "clip", pixels, shape: [...golden.shape, 1] }, options);
  const count = golden.lbp[0]!.reduce((a, b) => a + b);
  assertEquals(count, (golden.shape[0] - 2 * r) * (golden.shape[1] - 2 * r) * (golden.shape[2] - 2 * r));
  assertEquals(Array.from(found, (share) => Math.round(share * count)), golden.lbp.flat());
});

Deno.test("scikit-image's hog has the same gradients: HOG on XY, half a circle, by magnitude", () => {
  // The middle cell is rows and columns 6 to 11 of frame 4: a clip of three frames with one more pixel around it.
  const [, height, width] = golden.shape, cut = new Uint8Array(3 * 64);
  for (let t = 0; t < 3; t++) {
    for (let y = 0; y < 8; y++) {
      for (let x = 0; x < 8; x++) {
        cut[(t * 8 + y) * 8 + x] = pixels[((t + 3) * height + y + 5) * width + x + 5]!;
      }
    }
  }
  const clip = { kind: "clip", pixels: cut, shape: [3, 8, 8, 1] } as const;
  const found = higoTop(clip, { bins: 9, circle: "half", weight: "magnitude", grid }).subarray(0, 9);
  const sum = found.reduce((a, b) => a + b);
  golden.hog.forEach((value, i) =>
    assert(Math.abs(found[i]! / sum - value) < 1e-5, `${i}: ${found[i]! / sum}, ${value}`)
  );
});
