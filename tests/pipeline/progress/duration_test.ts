import { assertEquals } from "@std/assert";
import { duration } from "../../../pipeline/progress/duration.ts";

Deno.test("duration speaks in seconds, minutes and hours", () => {
  assertEquals([0.4, 59.4, 59.6, 75, 3599, 3600, 9000].map(duration), [
    "0 s",
    "59 s",
    "1 min 0 s",
    "1 min 15 s",
    "59 min 59 s",
    "1 h 0 min",
    "2 h 30 min",
  ]);
});
