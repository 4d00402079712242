import { assertEquals } from "@std/assert";
import type { Job } from "../../../pipeline/jobs.ts";
import { queueOf } from "../../../pipeline/launch/_queue.ts";

const macro = (seed: number): Job => ({ kind: "macro", seed });
const fold = (seed: number, fold: number): Job => ({ kind: "fold", seed, fold });
const twoSeeds = [{ seed: 1, macro: true, folds: [0, 1] }, { seed: 2, macro: true, folds: [0] }];
/** `waiting` unless a promise is fulfilled by now. */
const now = <T>(promise: Promise<T>) =>
  Promise.race([promise, new Promise<"waiting">((resolve) => setTimeout(() => resolve("waiting")))]);

Deno.test("folds begin when the MaNet of their seed is done; meanwhile the next seed's begins", async () => {
  const queue = queueOf(twoSeeds, { lanes: 1 });
  assertEquals(await queue.next(0), macro(1));
  assertEquals(await queue.next(0), macro(2));
  const third = queue.next(0);
  assertEquals(await now(third), "waiting");
  queue.over(macro(1), "done");
  assertEquals(await now(third), fold(1, 0));
  assertEquals(await queue.next(0), fold(1, 1));
  const last = queue.next(0);
  assertEquals(await now(last), "waiting");
  queue.over(macro(2), "done");
  assertEquals(await now(last), fold(2, 0));
  assertEquals(await queue.next(0), undefined);
});

Deno.test("folds whose MaNet failed never begin, those of another seed do", async () => {
  const queue = queueOf(twoSeeds, { lanes: 1 });
  await queue.next(0);
  queue.over(macro(1), "failed");
  assertEquals(await queue.next(0), macro(2));
  const next = queue.next(0);
  queue.over(macro(2), "done");
  assertEquals(await now(next), fold(2, 0));
  assertEquals(await now(queue.next(0)), undefined);
});

Deno.test("a queue that is closed gives nothing more, to those that wait either", async () => {
  const queue = queueOf([{ seed: 1, macro: true, folds: [0] }], { lanes: 1 });
  await queue.next(0);
  const waiting = queue.next(0);
  queue.close();
  assertEquals(await now(waiting), undefined);
  queue.over(macro(1), "done");
  assertEquals(await now(queue.next(0)), undefined);
});

Deno.test("without a MaNet the folds begin at once", async () => {
  const queue = queueOf([{ seed: 3, macro: false, folds: [1] }, { seed: 4, macro: false, folds: [] }], {
    lanes: 1,
  });
  assertEquals(await queue.next(0), fold(3, 1));
  assertEquals(await queue.next(0), undefined);
});

Deno.test("folds begin before their MaNet is done where nothing else can be done, so many at once as may, and go on first when it is", async () => {
  const queue = queueOf([{ seed: 1, macro: true, folds: [0, 1, 2] }], { lanes: 1, early: 2 });
  const early = (index: number) => ({ ...fold(1, index), mayWait: true });
  assertEquals(await queue.next(0), macro(1));
  assertEquals(await queue.next(0), early(0));
  queue.over(early(0), "waits");
  assertEquals(await queue.next(0), early(1));
  const third = queue.next(0);
  assertEquals(await now(third), "waiting");
  queue.over(early(1), "waits");
  assertEquals(await now(third), "waiting"); // two have begun
  queue.over(macro(1), "done");
  assertEquals(await now(third), fold(1, 0));
  assertEquals(await queue.next(0), fold(1, 1));
  assertEquals(await queue.next(0), fold(1, 2));
  assertEquals(await queue.next(0), undefined);
});

Deno.test("a fold that began early goes on although its MaNet was done just before it said that it waits", async () => {
  const queue = queueOf([{ seed: 1, macro: true, folds: [0] }], { lanes: 1, early: 1 });
  await queue.next(0);
  const early = await queue.next(0);
  queue.over(macro(1), "done");
  queue.over(early!, "waits");
  assertEquals(await queue.next(0), fold(1, 0));
  assertEquals(await queue.next(0), undefined);
});

Deno.test("folds that began before a MaNet that failed don't go on", async () => {
  const queue = queueOf([{ seed: 1, macro: true, folds: [0, 1] }], { lanes: 1, early: 1 });
  await queue.next(0);
  const early = await queue.next(0);
  queue.over(macro(1), "failed");
  queue.over(early!, "waits");
  assertEquals(await now(queue.next(0)), undefined);
});

Deno.test("folds that don't divide among the lanes are shared out: one begins, and another finishes last", async () => {
  const queue = queueOf([{ seed: 1, macro: false, folds: [0, 1, 2] }], { lanes: 2, steps: () => 100 });
  const whole = await queue.next(0), part = await queue.next(1);
  assertEquals([whole, part], [fold(1, 0), { ...fold(1, 1), until: 50 }]);
  queue.over(part!, "waits");
  const second = await queue.next(1);
  assertEquals(second, fold(1, 2));
  queue.over(whole!, "done");
  assertEquals(await queue.next(0), fold(1, 1));
  assertEquals(await now(queue.next(1)), undefined);
});

Deno.test("what is left of a fold waits for its first part, and is gone with it where that failed", async () => {
  for (const how of ["waits", "failed"] as const) {
    const queue = queueOf([{ seed: 1, macro: false, folds: [0, 1, 2] }], { lanes: 2, steps: () => 100 });
    const first = await queue.next(0), part = await queue.next(1);
    queue.over(first!, "done");
    queue.over((await queue.next(0))!, "done");
    const last = queue.next(0);
    assertEquals(await now(last), "waiting");
    queue.over(part!, how);
    assertEquals(await now(last), how === "waits" ? fold(1, 1) : undefined);
  }
});

Deno.test("sharing out counts what each lane is still at, as far as it has come", async () => {
  const steps = (job: Job) => job.kind === "macro" ? 30 : 120;
  const folds = [0, 1, 2, 3, 4, 5, 6, 7];
  const queue = queueOf([{ seed: 1, macro: true, folds }], { lanes: 2, early: 2, steps });
  const macro = await queue.next(0);
  const early = await queue.next(1);
  assertEquals(early, { ...fold(1, 0), mayWait: true });
  queue.step(1, 40); // it finds its MaNet when it needs it, and goes on: 80 are left
  queue.over(macro!, "done");
  // 7 folds and 80 steps: 460 each. Lane 0: 3 whole ones and the last 100 steps of one; lane 1: 80, its first 20, 3 whole ones.
  assertEquals(await queue.next(0), fold(1, 1));
  queue.over(early!, "done");
  assertEquals(await queue.next(1), { ...fold(1, 2), until: 20 });
});
