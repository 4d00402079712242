import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type Flow, flowPlanes, opticalStrain } from "../../../data/mod.ts";

const [width, height] = [23, 17];
function field(u: (x: number, y: number) => number, v: (x: number, y: number) => number): Flow {
  const plane = (f: typeof u) =>
    Float32Array.from({ length: width * height }, (_, i) => f(i % width, Math.floor(i / width)));
  return { width, height, u: plane(u), v: plane(v) };
}

Deno.test("opticalStrain() of a linear field is its formula everywhere, the border too", () => {
  // u = 0.1 x + 0.3 y, v = 0.1 x - 0.2 y: e_xx 0.1, e_yy -0.2, e_xy 0.2, |e|^2 = 0.01 + 0.04 + 2 * 0.04.
  const strain = opticalStrain(field((x, y) => 0.1 * x + 0.3 * y, (x, y) => 0.1 * x - 0.2 * y));
  for (let i = 0; i < width * height; i++) {
    assertAlmostEquals(strain.exx[i]!, 0.1, 1e-6);
    assertAlmostEquals(strain.eyy[i]!, -0.2, 1e-6);
    assertAlmostEquals(strain.exy[i]!, 0.2, 1e-6);
    assertAlmostEquals(strain.magnitude[i]!, Math.sqrt(0.13), 1e-6);
  }
});

Deno.test("opticalStrain() of a shift and of a small turn is 0", () => {
  const { magnitude } = opticalStrain(field((_, y) => 3 - 0.02 * y, (x) => 1 + 0.02 * x));
  for (const value of magnitude) assertAlmostEquals(value, 0, 1e-6);
});

Deno.test("opticalStrain() of waves approaches the derivatives written out", () => {
  const [a, b] = [0.11, 0.07];
  const flow = field((x, y) => Math.sin(a * x) * Math.cos(b * y), (x, y) => Math.cos(a * x + b * y));
  const strain = opticalStrain(flow);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const exx = a * Math.cos(a * x) * Math.cos(b * y), eyy = -b * Math.sin(a * x + b * y);
      const exy = (-b * Math.sin(a * x) * Math.sin(b * y) - a * Math.sin(a * x + b * y)) / 2;
      const i = y * width + x;
      assertAlmostEquals(strain.exx[i]!, exx, 5e-4); // central differences: error a^3 / 6
      assertAlmostEquals(strain.eyy[i]!, eyy, 5e-4);
      assertAlmostEquals(strain.exy[i]!, exy, 5e-4);
      assertAlmostEquals(strain.magnitude[i]!, Math.hypot(exx, eyy, exy, exy), 7e-4);
    }
  }
});

Deno.test("opticalStrain() refuses what is no field", () => {
  const line = { width: 3, height: 1, u: new Float32Array(3), v: new Float32Array(3) };
  assertThrows(() => opticalStrain(line), RangeError, "at least 2x2");
  assertThrows(() => opticalStrain({ ...line, height: 2 }), RangeError, "current numbers are 3 and 3");
});

Deno.test("flowPlanes() averages, and gives motion in pixels of the result", () => {
  // 6 x 4 to 2 x 2: means over 3 x 2 pixels. u = x: means 1 and 4, times 2/6; v = y: means 0.5 and 2.5, times 2/4.
  const flow = {
    width: 6,
    height: 4,
    u: Float32Array.from({ length: 24 }, (_, i) => i % 6),
    v: Float32Array.from({ length: 24 }, (_, i) => Math.floor(i / 6)),
  };
  const { u, v, strain } = flowPlanes(flow, { size: 2 });
  const near = (actual: Float32Array, expected: number[]) =>
    expected.forEach((value, i) => assertAlmostEquals(actual[i]!, value, 1e-6));
  near(u, [1 / 3, 4 / 3, 1 / 3, 4 / 3]);
  near(v, [0.25, 0.25, 1.25, 1.25]);
  near(strain, Array(4).fill(Math.SQRT2)); // e_xx = e_yy = 1
  // A size that does not divide: 6 columns to 4, each 1.5 wide: 0 and half of 1 weigh 2 to 1.
  near(flowPlanes(flow, { size: 4 }).u, [1 / 3, 5 / 3, 10 / 3, 14 / 3].map((mean) => mean * 4 / 6));
  assertEquals(flowPlanes(flow).u, flow.u);
  assertThrows(() => flowPlanes(flow, { size: 0 }), RangeError, "current value is 0");
});
