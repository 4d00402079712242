import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { interpolateFrames, interpolationWeights } from "../../data/mod.ts";

interface Case {
  readonly frames: number[][];
  readonly wanted: number;
  readonly result: number[][];
}

Deno.test("tim: the frames of the published form (SVD and eigenvectors in NumPy, tools/golden/tim.py)", async () => {
  const cases: Case[] = JSON.parse(await Deno.readTextFile(new URL("../golden/tim.json", import.meta.url)));
  assertEquals(cases.length, 6);
  for (const { frames, wanted, result } of cases) {
    const n = frames.length, weights = interpolationWeights(n, wanted, "tim");
    assertEquals(result.length, wanted);
    for (const [k, row] of result.entries()) {
      for (const [p, expected] of row.entries()) {
        const value = frames.reduce((sum, frame, i) => sum + weights[k * n + i]! * frame[p]!, 0);
        assertAlmostEquals(value, expected, 2e-5, `${n} to ${wanted}: frame ${k}, value ${p}`);
      }
    }
    const pixels = interpolateFrames(frames.map((frame) => Uint8Array.from(frame)), wanted, "tim");
    result.flat().forEach((expected, i) =>
      assert(Math.abs(pixels[i]! - Math.max(0, Math.min(255, expected))) <= 0.5 + 1e-4)
    );
  }
});

Deno.test("both kinds: the same length gives the frames, the ends are the ends, weights add up to 1", () => {
  const clip = fc.integer({ min: 1, max: 24 }).chain((n) =>
    fc.array(fc.uint8Array({ minLength: 4, maxLength: 4 }), { minLength: n, maxLength: n })
  );
  fc.assert(
    fc.property(
      clip,
      fc.integer({ min: 2, max: 40 }),
      fc.constantFrom("linear" as const, "tim" as const),
      (frames, wanted, kind) => {
        const n = frames.length;
        assertEquals([...interpolateFrames(frames, n, kind)], frames.flatMap((frame) => [...frame]));
        const out = interpolateFrames(frames, wanted, kind);
        assertEquals([...out.subarray(0, 4)], [...frames[0]!]);
        assertEquals([...out.subarray(-4)], [...frames.at(-1)!]);
        const weights = interpolationWeights(n, wanted, kind);
        for (let k = 0; k < wanted; k++) {
          assertAlmostEquals(weights.subarray(k * n, k * n + n).reduce((a, b) => a + b, 0), 1, 1e-9);
        }
      },
    ),
  );
});

Deno.test("tim: repeated frames, whose SVD has no inverse, still come back", () => {
  const frames = [1, 1, 9, 9, 9].map((value) => Uint8Array.from([value, 2 * value]));
  assertEquals([...interpolateFrames(frames, 5, "tim")], [1, 2, 1, 2, 9, 18, 9, 18, 9, 18]);
});

Deno.test("linear: positions by hand; odd frames are refused", () => {
  assertEquals([...interpolateFrames([Uint8Array.of(0), Uint8Array.of(9)], 4, "linear")], [0, 3, 6, 9]);
  assertEquals([...interpolateFrames([Uint8Array.of(0), Uint8Array.of(9)], 1, "linear")], [5]);
  assertThrows(() => interpolateFrames([], 3, "tim"), RangeError, "given");
  assertThrows(() => interpolateFrames([Uint8Array.of(0)], 0, "tim"), RangeError, "wanted");
  assertThrows(
    () => interpolateFrames([Uint8Array.of(0), Uint8Array.of(1, 2)], 2, "tim"),
    RangeError,
    "1 and 2 values",
  );
});
