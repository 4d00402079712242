import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { drawFrame } from "../../../data/synth/_frame.ts";
import { traceBack } from "../../../data/synth/_trace.ts";
import { exactFlow, flowOf, flowSide, strainOf } from "../../../data/synth/_flow.ts";
import { castPerson, lightPerson, prepareTake, sceneOf } from "../../../data/synth/_take.ts";
import { seededRandom } from "../../../engine/random.ts";

const studio = { noise: 0, grey: false, lightSpread: 0.1, wall: [0.5, 0.5, 0.5] as const, drift: 0.3 };
function clip(units: Record<string, number>) {
  const random = seededRandom("flow"), person = castPerson(random, 64);
  const take = prepareTake(
    person,
    lightPerson(person, random, studio),
    studio,
    units,
    [0, 0.4, 1, 0.5],
    random,
  );
  return {
    database: "casme2",
    subject: "sub01",
    clip: "EP01_01",
    label: 1,
    take,
    onset: 0,
    apex: 2,
  } as const;
}

Deno.test("exactFlow() leads to the point of the apex frame that shows the same skin", () => {
  const smile = clip({ "6": 0.3, "12": 0.3 }), side = 20, { u, v } = exactFlow(smile, side);
  const onset = sceneOf(smile.take, 0), apex = sceneOf(smile.take, 2);
  const a = { u: 0, v: 0, gap: -1 }, b = { u: 0, v: 0, gap: -1 };
  for (let i = 0; i < side * side; i++) {
    const px = (2 * (i % side) + 1) / side - 1, py = (2 * Math.floor(i / side) + 1) / side - 1;
    traceBack(onset, px, py, a);
    traceBack(apex, px + 2 * u[i]! / side, py + 2 * v[i]! / side, b);
    assertAlmostEquals(a.u, b.u, 1e-4);
    assertAlmostEquals(a.v, b.v, 1e-4);
  }
});

Deno.test("the apex frame moved back by the exact flow is closer to the onset frame", () => {
  const frown = clip({ "4": 0.5, "15": 0.5 }), side = 64, { u, v } = exactFlow(frown, side);
  const onset = drawFrame(sceneOf(frown.take, 0), side), apex = drawFrame(sceneOf(frown.take, 2), side);
  let still = 0, moved = 0;
  for (let y = 8; y < side - 8; y++) {
    for (let x = 8; x < side - 8; x++) {
      const i = y * side + x, fx = x + u[i]!, fy = y + v[i]!, ix = Math.floor(fx), iy = Math.floor(fy);
      const at = (xx: number, yy: number) => apex[3 * (yy * side + xx)]!;
      const [tx, ty] = [fx - ix, fy - iy];
      const back = (at(ix, iy) * (1 - tx) + at(ix + 1, iy) * tx) * (1 - ty) +
        (at(ix, iy + 1) * (1 - tx) + at(ix + 1, iy + 1) * tx) * ty;
      still += Math.abs(apex[3 * i]! - onset[3 * i]!);
      moved += Math.abs(back - onset[3 * i]!);
    }
  }
  assert(moved < 0.8 * still, `${moved} against ${still}`);
});

Deno.test("strainOf() is that of a linear field", () => {
  const side = 6,
    field = (a: number, b: number) =>
      Float32Array.from({ length: side * side }, (_, i) => a * (i % side) + b * Math.floor(i / side));
  // u = 0.1 x + 0.3 y, v = 0.1 x - 0.2 y: ux 0.1, vy -0.2, uy + vx 0.4; inside, where differences are central.
  const strain = strainOf(field(0.1, 0.3), field(0.1, -0.2), side);
  assertAlmostEquals(strain[2 * side + 2]!, Math.sqrt(0.01 + 0.04 + 0.08), 1e-6);
});

Deno.test("flowOf() stretches each channel over 0..255", () => {
  const picture = flowOf(clip({ "12": 0.3 }));
  assertEquals(picture.length, flowSide * flowSide * 3);
  for (const c of [0, 1, 2]) {
    const channel = picture.filter((_, i) => i % 3 === c);
    assertEquals([Math.min(...channel), Math.max(...channel)], [0, 255]);
  }
});
