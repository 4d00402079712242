import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { WorkState } from "../../../pipeline/progress/work_state.ts";
import { standing } from "../../../pipeline/standing.ts";

const items = [
  { key: "m", name: "MaNet", steps: 10 },
  { key: "a", name: "fold a", steps: 30 },
  { key: "b", name: "fold b", steps: 60 },
];
const at = (step: number) => standing("micro", "MiNet", { step, steps: 30, values: {} }, 4);

Deno.test("WorkState counts jobs and steps, and tells the time left from the steps made now", () => {
  let now = 0;
  const state = new WorkState(items, 2, () => now);
  assertEquals(state.counts, { done: 2, running: 0, failed: 0, waiting: 3, all: 5 });
  assertEquals([state.part, state.secondsLeft], [0, undefined]);
  state.start("m");
  now = 5000;
  assertEquals(state.end("m", "done"), 5);
  assertAlmostEquals(state.part, 0.1, 1e-12);
  assertEquals(state.secondsLeft, 45); // 10 steps took 5 s, 90 are left
  state.start("a");
  assertEquals(state.skip("a", 20), true); // made by a process before: they took no time of this run
  assertAlmostEquals(state.part, 0.3, 1e-12);
  assertEquals(state.secondsLeft, 35);
  now = 10_000;
  state.step("a", 30, at(30));
  assertEquals(state.secondsLeft, 30); // 20 steps in 10 s, 60 are left
  assertEquals(state.running.map(({ name, done }) => [name, done]), [["fold a", 30]]);
  state.end("a", "done");
  state.start("b");
  state.end("b", "failed");
  assertEquals(state.counts, { done: 4, running: 0, failed: 1, waiting: 0, all: 5 });
  assertEquals([state.part, state.secondsLeft], [1, 0]);
  assertThrows(() => state.start("c"), RangeError, "There is no job c");
});

Deno.test("a job that begins again keeps the time at which it began, and what it skips is not counted twice", () => {
  let now = 0;
  const state = new WorkState(items, 0, () => now);
  now = 1000;
  state.start("a");
  now = 3000;
  state.step("a", 12, at(12));
  state.start("a");
  state.skip("a", 12); // its own steps, from its checkpoint
  state.step("a", 13, at(13));
  assertEquals(state.secondsLeft, 3 * (100 - 13) / 13);
  now = 4000;
  assertEquals(state.end("a", "done"), 3);
});

Deno.test("a job that waits for another one counts neither that time nor the steps that it then goes on from", () => {
  let now = 1000;
  const state = new WorkState(items, 0, () => now);
  state.start("a");
  state.step("a", 10, at(10));
  now = 3000;
  state.wait("a");
  assertEquals([state.counts.waiting, state.running], [items.length, []]);
  now = 8000;
  state.start("a");
  assertEquals(state.skip("a", 12), false); // those of this run, of which ten had been told
  state.step("a", 13, at(13));
  assertEquals(state.secondsLeft, 7 * (100 - 13) / 13);
  now = 9000;
  assertEquals(state.end("a", "done"), 3);
});

Deno.test("a standing knows the epoch of its step", () => {
  assertEquals([1, 4, 5, 30].map((step) => [at(step).epoch, at(step).epochs]), [[1, 8], [1, 8], [2, 8], [
    8,
    8,
  ]]);
});
