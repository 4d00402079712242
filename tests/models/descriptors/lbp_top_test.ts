// LBP-TOP against its formula, its invariances, and what it refuses. skimage_golden_test.ts has scikit-image's word.
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { lbpTop, type LbpTopOptions } from "../../../models/mod.ts";
import type { ClipInput } from "../../../types.ts";
import { eachPixel, greyAt, texture, uniformBin } from "./_naive.ts";

type Settings = Required<LbpTopOptions>;

const settings: Settings = {
  radii: { x: 1, y: 1, t: 1 },
  neighbours: { xy: 8, xt: 8, yt: 8 },
  patterns: "uniform",
  grid: { rows: 2, columns: 3, times: 1 },
};

function naive(clip: ClipInput, { radii, neighbours, patterns, grid }: Settings): number[] {
  const planes: [number, (s: number, c: number) => [number, number, number]][] = [
    [neighbours.xy, (s, c) => [-radii.x * s, radii.y * c, 0]],
    [neighbours.xt, (s, c) => [-radii.x * s, 0, -radii.t * c]],
    [neighbours.yt, (s, c) => [0, -radii.y * c, -radii.t * s]],
  ];
  const bins = planes.map(([P]) => patterns === "uniform" ? P * (P - 1) + 3 : 2 ** P);
  const blocks = grid.rows * grid.columns * grid.times;
  const histograms = Array.from({ length: blocks }, () => bins.map((n) => new Array<number>(n).fill(0)));
  const counts = new Array<number>(blocks).fill(0);
  eachPixel(clip.shape, radii, grid, (x, y, t, block) => {
    counts[block]!++;
    const own = greyAt(clip, x, y, t);
    planes.forEach(([P, place], plane) => {
      let code = 0;
      for (let p = 0; p < P; p++) {
        const angle = 2 * Math.PI * p / P;
        const [dx, dy, dt] = place(Math.sin(angle), Math.cos(angle));
        if (greyAt(clip, x + dx, y + dy, t + dt) - own >= -1e-3) code += 2 ** p;
      }
      histograms[block]![plane]![patterns === "uniform" ? uniformBin(code, P) : code]!++;
    });
  });
  return histograms.flatMap((planes, block) => planes.flat().map((n) => n / counts[block]!));
}

const cases: [string, [number, number, number], Partial<Settings>][] = [
  ["the usual eight neighbours", [6, 17, 22], {}],
  ["radii that differ, more blocks", [11, 20, 19], {
    radii: { x: 1, y: 2, t: 4 },
    grid: { rows: 3, columns: 4, times: 2 },
  }],
  ["four neighbours, all patterns", [7, 12, 13], {
    neighbours: { xy: 4, xt: 4, yt: 4 },
    patterns: "all",
    radii: { x: 1, y: 1, t: 3 },
  }],
  ["planes that differ", [9, 16, 21], {
    neighbours: { xy: 7, xt: 6, yt: 5 },
    radii: { x: 3, y: 2, t: 2 },
    grid: { rows: 1, columns: 1, times: 1 },
  }],
  ["one pixel a block", [3, 4, 5], { grid: { rows: 2, columns: 3, times: 1 } }],
];
for (const [what, shape, changes] of cases) {
  Deno.test(`LBP-TOP is what its formula says: ${what}`, () => {
    const options = { ...settings, ...changes };
    for (const noise of [60, 3]) {
      const clip = texture(7, shape, noise);
      const found = lbpTop(clip, options), expected = naive(clip, options);
      assertEquals(found.length, expected.length);
      expected.forEach((value, i) =>
        assert(Math.abs(found[i]! - value) < 1e-6, `bin ${i}: ${found[i]}, expected ${value}`)
      );
    }
  });
}

Deno.test("LBP-TOP does not change when grey values change by a monotone curve, on whole places", () => {
  // On whole places: between pixels the curve of a mean is not the mean of the curves.
  const options = { ...settings, neighbours: { xy: 4, xt: 4, yt: 4 } };
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 4 * 6 * 7, maxLength: 4 * 6 * 7 }),
      fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 101, maxLength: 101 }),
      (values, steps) => {
        const curve = steps.reduce<number[]>((all, step) => [...all, (all.at(-1) ?? 0) + step], []);
        const clip = (pixels: number[]): ClipInput => ({
          kind: "clip",
          pixels: Uint8Array.from(pixels),
          shape: [4, 6, 7, 1],
        });
        assertEquals(lbpTop(clip(values.map((v) => curve[v]!)), options), lbpTop(clip(values), options));
      },
    ),
    { numRuns: 30 },
  );
});

Deno.test("LBP-TOP does not change when all grey values grow by the same", () => {
  const clip = texture(3, [6, 18, 18], 20);
  const dark = { ...clip, pixels: clip.pixels.map((v) => v >> 1) };
  const light = { ...dark, pixels: dark.pixels.map((v) => v + 90) };
  assertEquals(lbpTop(light, settings), lbpTop(dark, settings));
});

Deno.test("a mirrored clip has the mirrored codes in the mirrored block", () => {
  // Left to right turns -R_X sin a into its opposite: neighbour p becomes P - p on XY and XT, and stays on YT.
  const options: Settings = { ...settings, patterns: "all", grid: { rows: 1, columns: 2, times: 1 } };
  const clip = texture(5, [5, 12, 18], 50), [frames, height, width] = clip.shape;
  const mirrored = { ...clip, pixels: clip.pixels.slice() };
  for (let row = 0; row < frames * height; row++) {
    mirrored.pixels.subarray(row * width, (row + 1) * width).reverse();
  }
  const a = lbpTop(clip, options), b = lbpTop(mirrored, options);
  for (const block of [0, 1]) {
    for (let plane = 0; plane < 3; plane++) {
      for (let code = 0; code < 256; code++) {
        let other = 0;
        for (let p = 0; p < 8; p++) if (code >> p & 1) other |= 1 << (plane < 2 ? (8 - p) % 8 : p);
        assertEquals(b[((1 - block) * 3 + plane) * 256 + other], a[(block * 3 + plane) * 256 + code]);
      }
    }
  }
});

Deno.test("what LBP-TOP cannot be computed of is refused with the reason", () => {
  const clip = texture(1, [6, 12, 12]);
  const refused = (options: LbpTopOptions, message: string, input: ClipInput = clip) =>
    assertThrows(() => lbpTop(input, options), RangeError, message);
  refused({}, "12 rows less 3 at each border leave too few for 9 blocks", texture(1, [7, 12, 12]));
  refused({ ...settings, radii: { x: 1, y: 1, t: 3 } }, "6 frames less 3 at each border leave too few");
  refused({ ...settings, radii: { x: 1.5, y: 1, t: 1 } }, "the radius in x must be a whole number");
  refused(
    { ...settings, neighbours: { xy: 1, xt: 8, yt: 8 } },
    "neighbours.xy must be a whole number from 2 to 8",
  );
  refused(settings, "frames must be grey", { ...clip, shape: [2, 12, 12, 3] });
  refused(settings, "has other than 864 values", { ...clip, shape: [5, 12, 12, 1] });
});
