import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Ring } from "../../inspect/page/ring.ts";

const frame = (time: number) => ({ pixels: new Uint8Array(3), width: 1, height: 1, time });

Deno.test("Ring: keeps the last seconds, whatever the rate", () => {
  const ring = new Ring(2);
  for (let k = 0; k < 100; k++) ring.add(frame(10 + k / 20)); // to 14.95
  ring.add(frame(14.95)); // the same frame once more
  assertEquals(ring.last(100).length, 41); // 12.95 to 14.95
  assertEquals(ring.last(0.5).map(({ time }) => time.toFixed(2)).slice(0, 2), ["14.45", "14.50"]);
  assertAlmostEquals(ring.facts().rate, 20, 1e-6);
  assertAlmostEquals(ring.facts().seconds, 2, 1e-9);
});

Deno.test("Ring: the longest gap is told; fewer than two frames have no rate", () => {
  const ring = new Ring(4);
  assertEquals(ring.facts(), { seconds: 0, rate: 0, longest: 0 });
  for (const time of [0, 0.03, 0.06, 0.2, 0.23]) ring.add(frame(time));
  assertAlmostEquals(ring.facts().longest, 0.14, 1e-9);
});
