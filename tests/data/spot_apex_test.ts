import { assert, assertEquals, assertThrows } from "@std/assert";
import { spotApex } from "../../data/mod.ts";

/** A textured picture that drifts and turns darker all the time, where a patch swells until frame `apex` and sinks again. */
function clip(count: number, apex: number, side = 48): Uint8Array[] {
  const texture = (x: number, y: number) =>
    128 + 40 * Math.sin(x / 3) * Math.cos(y / 4) + 25 * Math.sin((x + 2 * y) / 5);
  return Array.from({ length: count }, (_, t) => {
    const drift = 0.5 * t / count, strength = t <= apex ? t / apex : (count - t) / (count - apex);
    return Uint8Array.from({ length: side * side }, (_, i) => {
      const x = i % side - drift, y = Math.floor(i / side) + drift / 2;
      const bump = Math.exp(-((x - 16) ** 2 + (y - 30) ** 2) / 90);
      return texture(x, y + 2 * strength * bump) - 6 * t / count;
    });
  });
}

Deno.test("spotApex: finds the swelling under a drift that grows all the time", () => {
  for (const [count, apex] of [[20, 6], [30, 12], [31, 22]] as const) {
    const frames = clip(count, apex);
    const found = spotApex(frames, 48);
    assert(Math.abs(found.apex - apex) <= 1, `${found.apex} instead of ${apex}`);
    assertEquals(found.curve.length, count);
    assertEquals(found.curve[0], 0);
    // Plain differences do not see it: they grow until the end.
    const plain = frames.map((frame) =>
      frame.reduce((sum, value, i) => sum + Math.abs(value - frames[0]![i]!), 0)
    );
    assertEquals(plain.indexOf(Math.max(...plain)), count - 1);
  }
});

Deno.test("spotApex: LBP by divide and conquer, on a clip without drift", () => {
  const side = 32;
  const frames = Array.from({ length: 21 }, (_, t) =>
    Uint8Array.from({ length: side * side }, (_, i) => {
      const [x, y] = [i % side, Math.floor(i / side)], strength = 1 - Math.abs(t - 13) / 13;
      return 120 + 50 * Math.sin(x / 2 + 1.6 * strength * Math.exp(-((y - 16) ** 2) / 40)) +
        20 * Math.cos(y / 3);
    }));
  for (const search of ["divide", "highest"] as const) {
    assert(Math.abs(spotApex(frames, side, { feature: "lbp", search }).apex - 13) <= 2, search);
  }
});

Deno.test("spotApex: short clips, still clips, wrong frames", () => {
  const still = Array.from({ length: 9 }, () => new Uint8Array(64).fill(7));
  for (const feature of ["lbp", "residual"] as const) {
    const { apex, curve } = spotApex(still, 8, { feature });
    assert(apex > 0 && apex < 8);
    assert(curve.every((value) => value < 1e-3));
    assertEquals(spotApex(still.slice(0, 1), 8, { feature }).apex, 0);
    assert(spotApex(still.slice(0, 2), 8, { feature }).apex <= 1);
  }
  assertThrows(() => spotApex([], 8), RangeError, "no frame");
  assertThrows(() => spotApex(still, 9), RangeError, "64 values instead of 9x9");
});
