import type { Random } from "../engine/random.ts";

/** How batches are drawn. */
export interface BatchOptions {
  /** Clips in a batch. */
  readonly batch: number;
  /** `"random"`: every clip equally often (the paper); `"balanced"`: every class equally often. @default "random" */
  readonly sampling?: "random" | "balanced";
  /** The stream that all draws come from. */
  readonly random: Random;
}

/**
 * An endless source of batches: each call gives the positions of the next batch's clips.
 *
 * `random` draws without replacement: a shuffled pass over all clips, then the next, batches running on across the seam, so that
 * of every n draws in a row from a pass's start each clip comes once. `balanced` passes over the classes that have clips in a shuffled
 * order, again and again, and takes the next clip of each class's own shuffled passes: classes differ by at most one in every
 * pass over them. With fewer clips than the batch (or, balanced, fewer of a class than its share) clips repeat within a batch.
 *
 * @param classIndices The class of each clip.
 * @param options
 * @throws {RangeError} if there is no clip, a class is no natural number, or `batch` is no positive integer.
 *
 * @example
 * ```ts
 * import { batchSampler } from "@macro2micro/mer/data";
 * import { seededRandom } from "@macro2micro/mer/engine";
 * import { assertEquals } from "@std/assert";
 *
 * const next = batchSampler([0, 0, 0, 1], { batch: 4, random: seededRandom(1) });
 * assertEquals(next().sort(), [0, 1, 2, 3]);
 * ```
 */
export function batchSampler(classIndices: readonly number[], options: BatchOptions): () => number[] {
  const { batch, sampling = "random", random } = options;
  if (!Number.isInteger(batch) || batch < 1) {
    throw new RangeError(
      `Cannot sample batches: batch must be a positive integer, current value is ${batch}`,
    );
  }
  if (classIndices.length === 0) throw new RangeError("Cannot sample batches: there is no clip");
  const odd = classIndices.find((index) => !Number.isInteger(index) || index < 0);
  if (odd !== undefined) {
    throw new RangeError(`Cannot sample batches: a class must be a natural number, current value is ${odd}`);
  }
  const draw = sampling === "random"
    ? passes(classIndices.map((_, i) => i), random)
    : balanced(classIndices, random);
  return () => Array.from({ length: batch }, draw);
}

/**
 * Batches of micro and macro clips drawn side by side, from independent streams: a change to one database leaves the
 * other's batches as they were.
 *
 * @param micro The class of each micro clip.
 * @param macro The class of each macro clip.
 * @param options `batch` clips of each.
 * @throws {RangeError} as `batchSampler`.
 *
 * @example
 * ```ts
 * import { pairSampler } from "@macro2micro/mer/data";
 * import { seededRandom } from "@macro2micro/mer/engine";
 * import { assertEquals } from "@std/assert";
 *
 * const next = pairSampler([0, 1], [0, 1, 2], { batch: 2, random: seededRandom(1) });
 * assertEquals(next().micro.sort(), [0, 1]);
 * ```
 */
export function pairSampler(
  micro: readonly number[],
  macro: readonly number[],
  options: BatchOptions,
): () => { micro: number[]; macro: number[] } {
  const nextMicro = batchSampler(micro, { ...options, random: options.random.fork("micro") });
  const nextMacro = batchSampler(macro, { ...options, random: options.random.fork("macro") });
  return () => ({ micro: nextMicro(), macro: nextMacro() });
}

/** Endless shuffled passes over the items. */
function passes<Item>(items: readonly Item[], random: Random): () => Item {
  let [order, at] = [items, items.length];
  return () => {
    if (at === order.length) [order, at] = [random.shuffle(items), 0];
    return order[at++]!;
  };
}

function balanced(classIndices: readonly number[], random: Random): () => number {
  const members = new Map<number, number[]>();
  classIndices.forEach((index, i) => members.set(index, (members.get(index) ?? []).concat(i)));
  const classes = [...members.keys()].sort((a, b) => a - b);
  const nextClass = passes(classes, random.fork("classes"));
  const nextOf = new Map(
    classes.map((index) => [index, passes(members.get(index)!, random.fork(`class ${index}`))]),
  );
  return () => nextOf.get(nextClass())!();
}
