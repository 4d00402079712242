import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { expressionCurve } from "../../../data/synth/mod.ts";

Deno.test("expressionCurve() is 0 to the onset, 1 at the apex, residual from the offset on", () => {
  assertEquals([0, 3, 10, 30, 99].map((f) => expressionCurve(f, 3, 10, 30, { residual: 0.2 })), [
    0,
    0,
    1,
    0.2,
    0.2,
  ]);
});

Deno.test("expressionCurve() rises and falls without a step, slower at the end of the fall than at its start", () => {
  const at = (f: number) => expressionCurve(f, 0, 50, 150);
  for (let f = 0; f < 150; f++) {
    assert(f < 50 ? at(f + 1) > at(f) : at(f + 1) < at(f), `frame ${f}`);
    assert(Math.abs(at(f + 1) - at(f)) < 0.04, `step at frame ${f}`);
  }
  assertAlmostEquals(at(25), 0.5, 1e-12);
  // Half way down less than half is left, because the fall slows.
  const half = 0.5 ** 1.3;
  assertAlmostEquals(at(100), half * half * (3 - 2 * half), 1e-12);
  assert(at(100) < 0.5);
});

Deno.test("expressionCurve() holds the apex for the given share of the fall", () => {
  assertEquals([10, 12, 14, 20].map((f) => expressionCurve(f, 0, 10, 20, { hold: 0.4 })), [1, 1, 1, 0]);
});

Deno.test("expressionCurve() ends at its peak where apex and offset are one", () => {
  assertEquals([0, 6, 12].map((f) => expressionCurve(f, 0, 12, 12)), [0, 0.5, 1]);
});

Deno.test("expressionCurve() refuses key frames out of order", () => {
  assertThrows(
    () => expressionCurve(0, 5, 4, 9),
    RangeError,
    "Cannot shape expression: onset, apex and offset must be in order, current values are 5, 4, 9",
  );
});
