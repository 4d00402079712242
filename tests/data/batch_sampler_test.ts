import { assertEquals, assertThrows } from "@std/assert";
import { batchSampler, pairSampler } from "../../data/mod.ts";
import { seededRandom } from "../../engine/random.ts";

const draws = (next: () => number[], n: number) => Array.from({ length: n }, next).flat();

Deno.test("batchSampler random: every pass over the clips holds each once, across batch seams", () => {
  const next = batchSampler(Array(7).fill(0), { batch: 3, random: seededRandom(1) });
  const all = draws(next, 14);
  for (let pass = 0; pass < 6; pass++) {
    assertEquals(all.slice(pass * 7, pass * 7 + 7).sort((a, b) => a - b), [0, 1, 2, 3, 4, 5, 6]);
  }
  assertEquals(all.slice(0, 7).join() === all.slice(7, 14).join(), false, "passes are shuffled anew");
});

Deno.test("batchSampler: the same seed gives the same batches, another seed others", () => {
  const make = (seed: number, sampling: "random" | "balanced") =>
    draws(batchSampler([0, 1, 1, 2, 0, 1], { batch: 4, sampling, random: seededRandom(seed) }), 8);
  for (const sampling of ["random", "balanced"] as const) {
    assertEquals(make(5, sampling), make(5, sampling));
    assertEquals(make(5, sampling).join() === make(6, sampling).join(), false);
  }
});

Deno.test("batchSampler balanced: classes come equally often, and so do the clips of a class", () => {
  const classes = [0, 0, 0, 0, 0, 0, 2, 2, 5];
  const next = batchSampler(classes, { batch: 6, sampling: "balanced", random: seededRandom(2) });
  const clips = Array<number>(9).fill(0);
  for (let i = 0; i < 30; i++) {
    const counts = new Map<number, number>();
    for (const clip of next()) {
      clips[clip]!++;
      counts.set(classes[clip]!, (counts.get(classes[clip]!) ?? 0) + 1);
    }
    assertEquals([counts.get(0), counts.get(2), counts.get(5)], [2, 2, 2]);
  }
  assertEquals(clips, [10, 10, 10, 10, 10, 10, 30, 30, 60]);
});

Deno.test("batchSampler: fewer clips than the batch repeat within it", () => {
  const next = batchSampler([0, 1], { batch: 5, random: seededRandom(3) });
  const batch = next();
  assertEquals(batch.length, 5);
  assertEquals(batch.slice(0, 2).sort(), [0, 1]);
  assertEquals(batch.slice(2, 4).sort(), [0, 1]);
});

Deno.test("batchSampler: refuses no clips, a bad batch and a bad class", () => {
  const random = seededRandom(1);
  assertThrows(() => batchSampler([], { batch: 1, random }), RangeError, "no clip");
  assertThrows(() => batchSampler([0], { batch: 0, random }), RangeError, "current value is 0");
  assertThrows(() => batchSampler([0, -1], { batch: 1, random }), RangeError, "current value is -1");
});

Deno.test("pairSampler: the micro batches do not depend on the macro clips", () => {
  const micro = (macro: number[]) => {
    const next = pairSampler([0, 1, 2, 0], macro, { batch: 3, random: seededRandom(4) });
    return Array.from({ length: 5 }, () => next().micro);
  };
  assertEquals(micro([0, 1]), micro([2, 2, 2, 2, 1]));
});
