import { assertAlmostEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { alignFace, type Point } from "../../../data/mod.ts";

/** Landmarks whose eyes are small rings around two points. */
function withEyes(left: Point, right: Point): Point[] {
  const ring = (
    [x, y]: Point,
    i: number,
  ): Point => [x + 3 * Math.cos(i * Math.PI / 3), y + 2 * Math.sin(i * Math.PI / 3)];
  return Array.from(
    { length: 68 },
    (_, i) => i >= 36 && i < 42 ? ring(left, i) : i >= 42 && i < 48 ? ring(right, i) : [0, 0],
  );
}

Deno.test("alignFace: however a face lies, its eyes come to the same two places and shapes keep their form", () => {
  fc.assert(fc.property(
    fc.double({ min: -3, max: 3, noNaN: true }),
    fc.double({ min: 5, max: 400, noNaN: true }),
    fc.double({ min: -100, max: 900, noNaN: true }),
    fc.double({ min: -100, max: 900, noNaN: true }),
    (angle, apart, x, y) => {
      const [c, s] = [Math.cos(angle) * apart / 2, Math.sin(angle) * apart / 2];
      const p = alignFace(withEyes([x - c, y - s], [x + c, y + s]), 200, { eyeDistance: 0.3, eyeLine: 0.4 });
      // (0.35, 0.4) and (0.65, 0.4) of 200 pixels
      for (const [X, side] of [[70, -1], [130, 1]] as const) {
        assertAlmostEquals(p.xx * X + p.xy * 80 + p.x0, x + side * c, 1e-6);
        assertAlmostEquals(p.yx * X + p.yy * 80 + p.y0, y + side * s, 1e-6);
      }
      assertAlmostEquals(p.xx * p.xy + p.yx * p.yy, 0, 1e-9); // a right angle
      assertAlmostEquals(p.xx * p.yy - p.xy * p.yx, (apart / 60) ** 2, 1e-6); // not mirrored, one scale
    },
  ));
});

Deno.test("alignFace: refuses what cannot be aligned", () => {
  assertThrows(() => alignFace([], 10), RangeError, "68 landmarks are needed, there are 0");
  assertThrows(() => alignFace(withEyes([5, 5], [5, 5]), 10), RangeError, "same place");
  assertThrows(() => alignFace(withEyes([1, 1], [5, 5]), 10, { eyeDistance: 1.5 }), RangeError, "1.5");
});
