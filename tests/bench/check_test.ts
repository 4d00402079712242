import { assertAlmostEquals, assertEquals } from "@std/assert";
import { allowance, judge, ratioOf } from "../../bench/check/_judge.ts";

Deno.test("a ratio is the median of the repeats, its spread their range as a part of it", () => {
  const { median, spread } = ratioOf([2.2, 2, 1.9, 2.1, 1.8]);
  assertEquals(median, 2);
  assertAlmostEquals(spread, 0.2);
});

Deno.test("a ratio may exceed the committed one by 1.5 times the wider spread, by 10 to 30 %", () => {
  assertEquals(allowance({ median: 1, spread: 0.02 }, { median: 1, spread: 0.04 }), 0.1);
  assertAlmostEquals(allowance({ median: 1, spread: 0.08 }, { median: 1, spread: 0.04 }), 0.12);
  assertEquals(allowance({ median: 1, spread: 0.9 }, { median: 1, spread: 0.04 }), 0.3);
});

Deno.test("the check of ratios fails for what became slower or is missing, not for what became faster", () => {
  const of = (median: number) => ({ median, spread: 0.1 });
  const verdicts = judge({ same: of(1), slower: of(1), faster: of(1), gone: of(1) }, {
    same: of(1.14),
    slower: of(1.16),
    faster: of(0.2),
    fresh: of(1),
  });
  const failing = verdicts.filter(({ fails }) => fails).map(({ name }) => name);
  assertEquals(failing, ["slower", "gone", "fresh"]);
});
