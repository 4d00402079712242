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
  queue.over(macro(1), true);
  assertEquals(await now(third), fold(1, 0));
  assertEquals(await queue.next(), fold(1, 1));
  const last = queue.next();
  assertEquals(await now(last), "waiting");
  queue.over(macro(2), true);
  assertEquals(await now(last), fold(2, 0));
  assertEquals(await queue.next(), undefined);
});

Deno.test("folds whose MaNet failed never begin, those of another seed do", async () => {
  const queue = queueOf(twoSeeds);
  await queue.next();
  queue.over(macro(1), false);
  assertEquals(await queue.next(), macro(2));
  const next = queue.next();
  queue.over(macro(2), true);
  assertEquals(await now(next), fold(2, 0));
  assertEquals(await now(queue.next()), undefined);
});

Deno.test("a queue that is closed gives nothing more, to those that wait either", async () => {
  const queue = queueOf([{ seed: 1, macro: true, folds: [0] }]);
  await queue.next();
  const waiting = queue.next();
  queue.close();
  assertEquals(await now(waiting), undefined);
  queue.over(macro(1), true);
  assertEquals(await now(queue.next()), undefined);
});

Deno.test("without a MaNet the folds begin at once", async () => {
  const queue = queueOf([{ seed: 3, macro: false, folds: [1] }, { seed: 4, macro: false, folds: [] }]);
  assertEquals(await queue.next(), fold(3, 1));
  assertEquals(await queue.next(), undefined);
});
