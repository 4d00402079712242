import { Recordings } from "./_recordings.ts";

/**
 * Recordings that outlive the training that made them, so that a later one of the same form need not record its step again: the folds of a
 * protocol, one after the other. Results don't depend on it: a replay is the step run directly, to the last bit.
 *
 * A recording whose step makes tensors anew ({@linkcode perStep}) draws from its own training's streams and is never shared.
 *
 * @example
 * ```ts
 * import { sgd, SharedRecordings, startEngine, trainingStep } from "@macro2micro/mer/engine";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * await startEngine("cpu", { say: () => {} });
 * const shared = new SharedRecordings();
 * for (const start of [1, 2]) {
 *   const params = { w: tf.tensor1d([start]) };
 *   const loss = ({ x }: { x: tf.Tensor1D }) => ({ loss: params.w.mul(x).sum().asScalar() });
 *   const step = trainingStep(loss, params, ["w"], sgd({ learningRate: 0.5 }), {
 *     shared: { recordings: shared, slot: "product", key: "w x" },
 *   });
 *   const x = tf.tensor1d([4]);
 *   assertEquals(step.run({ x }).loss.arraySync(), 4 * start);
 *   step.dispose();
 *   tf.dispose([x, params]);
 * }
 * shared.dispose();
 * ```
 */
export class SharedRecordings {
  /** Forgets them all. */
  dispose(): void {
    const slots = slotsOf(this);
    for (const { recordings } of slots.values()) recordings.dispose();
    slots.clear();
  }
}

/** Where a training's recordings are kept beyond its end. */
export interface SharedSlot {
  /** Those of all trainings that share. */
  readonly recordings: SharedRecordings;
  /** A name; a slot holds the recordings of one key at a time. */
  readonly slot: string;
  /** Whatever the step depends on and does not get with its inputs and parameters: equal keys say that all of it is equal. */
  readonly key: string;
}

type Slots = Map<string, { readonly key: string; readonly recordings: Recordings<never, unknown> }>;

const all = new WeakMap<SharedRecordings, Slots>();

function slotsOf(shared: SharedRecordings): Slots {
  let slots = all.get(shared);
  if (!slots) all.set(shared, slots = new Map());
  return slots;
}

/** The recordings of a slot if they were made under the same key; else none yet, and those of the other key are forgotten. */
export function recordingsIn<Made, Outputs>(
  { recordings: shared, slot, key }: SharedSlot,
): Recordings<Made, Outputs> {
  const slots = slotsOf(shared);
  let found = slots.get(slot);
  if (found?.key !== key) {
    found?.recordings.dispose();
    found = { key, recordings: new Recordings<never, unknown>() };
    slots.set(slot, found);
  }
  return found.recordings as unknown as Recordings<Made, Outputs>;
}
