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
  const queue = queueOf(twoSeeds);
  assertEquals(await queue.next(), macro(1));
  assertEquals(await queue.next(), macro(2));
  const third = queue.next();
  assertEquals(await now(third), "waiting");
  queue.over(macro(1), "done");
  assertEquals(await now(third), fold(1, 0));
  assertEquals(await queue.next(), fold(1, 1));
  const last = queue.next();
  assertEquals(await now(last), "waiting");
  queue.over(macro(2), "done");
  assertEquals(await now(last), fold(2, 0));
  assertEquals(await queue.next(), undefined);
});

Deno.test("folds whose MaNet failed never begin, those of another seed do", async () => {
  const queue = queueOf(twoSeeds);
  await queue.next();
  queue.over(macro(1), "failed");
  assertEquals(await queue.next(), macro(2));
  const next = queue.next();
  queue.over(macro(2), "done");
  assertEquals(await now(next), fold(2, 0));
  assertEquals(await now(queue.next()), undefined);
});

Deno.test("a queue that is closed gives nothing more, to those that wait either", async () => {
  const queue = queueOf([{ seed: 1, macro: true, folds: [0] }]);
  await queue.next();
  const waiting = queue.next();
  queue.close();
  assertEquals(await now(waiting), undefined);
  queue.over(macro(1), "done");
  assertEquals(await now(queue.next()), undefined);
});

Deno.test("without a MaNet the folds begin at once", async () => {
  const queue = queueOf([{ seed: 3, macro: false, folds: [1] }, { seed: 4, macro: false, folds: [] }]);
  assertEquals(await queue.next(), fold(3, 1));
  assertEquals(await queue.next(), undefined);
});

Deno.test("folds begin before their MaNet is done where nothing else can be done, so many at once as may, and go on first when it is", async () => {
  const queue = queueOf([{ seed: 1, macro: true, folds: [0, 1, 2] }], 2);
  const early = (index: number) => ({ ...fold(1, index), mayWait: true });
  assertEquals(await queue.next(), macro(1));
  assertEquals(await queue.next(), early(0));
  queue.over(early(0), "waits");
  assertEquals(await queue.next(), early(1));
  const third = queue.next();
  assertEquals(await now(third), "waiting");
  queue.over(early(1), "waits");
  assertEquals(await now(third), "waiting"); // two have begun
  queue.over(macro(1), "done");
  assertEquals(await now(third), fold(1, 0));
  assertEquals(await queue.next(), fold(1, 1));
  assertEquals(await queue.next(), fold(1, 2));
  assertEquals(await queue.next(), undefined);
});

Deno.test("a fold that began early goes on although its MaNet was done just before it said that it waits", async () => {
  const queue = queueOf([{ seed: 1, macro: true, folds: [0] }], 1);
  await queue.next();
  const early = await queue.next();
  queue.over(macro(1), "done");
  queue.over(early!, "waits");
  assertEquals(await queue.next(), fold(1, 0));
  assertEquals(await queue.next(), undefined);
});

Deno.test("folds that began before a MaNet that failed don't go on", async () => {
  const queue = queueOf([{ seed: 1, macro: true, folds: [0, 1] }], 1);
  await queue.next();
  const early = await queue.next();
  queue.over(macro(1), "failed");
  queue.over(early!, "waits");
  assertEquals(await now(queue.next()), undefined);
});
