import { assert, assertEquals, assertThrows } from "@std/assert";
import { drawActionUnits, expressionUnits, writeActionUnits } from "../../../data/synth/mod.ts";
import { drawableUnits, motionMaps } from "../../../data/synth/_motion.ts";
import { drawIdentity } from "../../../data/synth/mod.ts";
import { seededRandom } from "../../../engine/random.ts";

Deno.test("every action unit of an expression can be drawn", () => {
  for (const [expression, choices] of Object.entries(expressionUnits)) {
    for (const unit of choices.flatMap((choice) => Object.keys(choice))) {
      assert(drawableUnits.has(unit.replace(/^[LR]/, "")), `${expression}: ${unit}`);
    }
  }
  const { parts } = motionMaps(drawIdentity(seededRandom(1)), 16);
  for (const unit of drawableUnits) assert(parts.has(unit) || unit === "25", unit);
});

Deno.test("the prototypes are those of the field", () => {
  const prototype = (name: string) =>
    Object.keys(expressionUnits[name]![0]!).sort((a, b) => Number(a) - Number(b));
  assertEquals(prototype("happiness"), ["6", "12"]);
  assertEquals(prototype("surprise"), ["1", "2", "5", "26"]);
  assertEquals(prototype("sadness"), ["1", "4", "15", "17"]);
  assertEquals(prototype("fear"), ["1", "2", "4", "5", "20", "26"]);
});

Deno.test("drawActionUnits() scales by strength and stays in 0..1", () => {
  const random = seededRandom(4);
  let sum = 0;
  for (let i = 0; i < 300; i++) sum += drawActionUnits("happiness", 0.3, random)["12"]!;
  assert(Math.abs(sum / 300 - 0.29) < 0.02, `mean ${sum / 300}`);
  for (let i = 0; i < 100; i++) {
    for (const w of Object.values(drawActionUnits("fear", 1, random))) assert(w > 0 && w <= 1);
  }
});

Deno.test("drawActionUnits() refuses an unknown expression", () => {
  assertThrows(() => drawActionUnits("joy", 1, seededRandom(1)), RangeError, "current value is joy");
});

Deno.test("writeActionUnits() orders by number and keeps sides", () => {
  assertEquals(writeActionUnits({ "R12": 1, "4": 1, "6": 1 }), "4+6+R12");
});
