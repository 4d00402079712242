// STCLQP's vectors against their formula, its codebooks against k-means's own conditions, and that folds learn their own.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { learnCodebook, methods, stclqpCodes } from "../../../models/mod.ts";
import { eachPixel, texture } from "./_naive.ts";

Deno.test("STCLQP's histograms of vectors are what their formula says", () => {
  const radii = { x: 1, y: 2, t: 1 }, grid = { rows: 2, columns: 1, times: 1 }, sectors = 4;
  const clip = texture(14, [6, 14, 15], 20), [, height, width] = clip.shape;
  const margin = { x: 2, y: 3, t: 2 };
  const at = ([x, y, t]: number[]) => clip.pixels[(t! * height + y!) * width + x!]!;
  const planes = [[0, 1], [0, 2], [1, 2]] as const, radius = [radii.x, radii.y, radii.t];
  const ring = [[0, 1], [-1, 1], [-1, 0], [-1, -1], [0, -1], [1, -1], [1, 0], [1, 1]] as const; // angles 0, 45, ...: (-sin, cos)
  const sums = new Array<number>(2 * 9 * 256).fill(0), counts = [0, 0];
  const places: [number[], number][] = [];
  eachPixel(clip.shape, margin, grid, (x, y, t, block) => places.push([[x, y, t], block]));
  for (const [, block] of places) counts[block]!++;
  planes.forEach(([a, b], plane) => {
    const neighbour = (c: number[], p: number) => {
      const q = [...c];
      q[a]! += ring[p]![0] * radius[a]!;
      q[b]! += ring[p]![1] * radius[b]!;
      return q;
    };
    const along = (c: number[], axis: number, by: number) => c.map((v, i) => i === axis ? v + by : v);
    const sector = (c: number[]) => {
      const ga = at(along(c, a, 1)) - at(along(c, a, -1)), gb = at(along(c, b, 1)) - at(along(c, b, -1));
      if (ga === 0 && gb === 0) return -1;
      return Math.floor(
        ((Math.atan2(gb, ga) + 2 * Math.PI) % (2 * Math.PI)) / (2 * Math.PI) * sectors + 1e-9,
      ) % sectors;
    };
    const differences = places.flatMap(([c]) => ring.map((_, p) => Math.abs(at(neighbour(c, p)) - at(c))));
    const mean = differences.reduce((x, y) => x + y) / differences.length;
    for (const [c, block] of places) {
      const code = (test: (q: number[]) => boolean) =>
        ring.reduce((sum, _, p) => sum + (test(neighbour(c, p)) ? 2 ** p : 0), 0);
      const parts = [
        code((q) => at(q) >= at(c)),
        code((q) => Math.abs(at(q) - at(c)) >= mean),
        code((q) => sector(q) === sector(c)),
      ];
      parts.forEach((value, part) => sums[((block * 9) + plane * 3 + part) * 256 + value]!++);
    }
  });
  const found = stclqpCodes(clip, { radii, grid, sectors });
  assertEquals(found.length, sums.length);
  sums.forEach((sum, i) => {
    const value = sum / counts[Math.floor(i / (9 * 256))]!;
    assert(Math.abs(found[i]! - value) < 1e-6, `${i}: ${found[i]}, expected ${value}`);
  });
});

Deno.test("a codebook is a fixed point of k-means: each vector has the nearest mean", () => {
  const weights = Float64Array.from({ length: 256 }, (_, i) => i % 3 === 0 ? (i * 37) % 101 : 0);
  const of = learnCodebook(weights, 6, 3), bits = [...Array(8).keys()];
  assertEquals(new Set(of).size, 6);
  const means = [...Array(6).keys()].map((word) => {
    const mine = [...weights.keys()].filter((code) => of[code] === word),
      all = mine.reduce((s, c) => s + weights[c]!, 0);
    return bits.map((p) => mine.reduce((s, c) => s + weights[c]! * (c >> p & 1), 0) / all);
  });
  const distance = (code: number, word: number) =>
    bits.reduce((s, p) => s + ((code >> p & 1) - means[word]![p]!) ** 2, 0);
  for (let code = 0; code < 256; code++) {
    for (let word = 0; word < 6; word++) assert(distance(code, of[code]!) <= distance(code, word) + 1e-9);
  }
  assertEquals(learnCodebook(weights, 6, 3), of);
  // As many words as vectors: each has its own.
  const three = new Float64Array(16);
  for (const code of [1, 6, 12]) three[code] = 1;
  assertEquals(new Set([1, 6, 12].map((code) => learnCodebook(three, 8, 1)[code])).size, 3);
});

Deno.test("codebooks come from the clips that are trained on", async () => {
  const method = methods.stclqp.create(
    methods.stclqp.settings.parse({ grid: { rows: 1, columns: 1 }, words: 8, svm: { C: [1] } }),
    2,
  );
  const sample = (seed: number, noise: number) => ({
    database: "smic",
    subject: `s${seed}`,
    clip: "c",
    classIndex: seed % 2,
    features: method.describe(texture(seed, [6, 14, 14], noise)),
  });
  const smooth = await method.train([sample(1, 1), sample(2, 1)], 1),
    rough = await method.train([sample(1, 90), sample(2, 90)], 1);
  assert(String(smooth.words) !== String(rough.words));
});

Deno.test("a clip too small for the neighbours' gradients is refused", () => {
  assertThrows(() => stclqpCodes(texture(1, [4, 20, 20])), RangeError, "4 frames less 2 at each border");
});
