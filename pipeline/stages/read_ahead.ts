import * as tf from "@tensorflow/tfjs";
import { handOver, type Random } from "../../engine/mod.ts";
import type { TrainingRecord } from "../training_record.ts";

/** What making a step's inputs changes beside them. */
export interface InputTrail {
  /** The streams that are drawn from, but for the sampler's, of which checkpoints hold nothing. */
  readonly streams: readonly Random[];
  /** Hears what the inputs are made of. @default nobody */
  readonly record?: TrainingRecord;
}

/** Inputs that wait for their step, or why there are none. */
type Made<Inputs> = { readonly inputs: Inputs; readonly settle: () => void } | { readonly error: unknown };

/**
 * The inputs of a training's steps, each made while the engine computes the step before.
 *
 * Between the two, checkpoints are written, test clips are looked at, the training may be stopped. So nothing is to be seen of inputs that were made
 * ahead until their step takes them: the streams stand where they stood, the record knows nothing of them, and an error waits too.
 * Results, and what is resumed, are those of inputs made one after the other.
 */
export class ReadAhead<Inputs> implements Disposable {
  readonly #make: (step: number) => Inputs;
  readonly #steps: number;
  readonly #trail: InputTrail | undefined;
  #step: number;
  #next: Made<Inputs> | undefined;

  /**
   * @param make Makes the inputs of a step, counted from 0.
   * @param stage How many steps there are, and how many are over.
   * @param trail Without it nothing is made ahead.
   */
  constructor(
    make: (step: number) => Inputs,
    { steps, from = 0 }: { readonly steps: number; readonly from?: number },
    trail: InputTrail | undefined,
  ) {
    this.#make = make;
    this.#steps = steps;
    this.#trail = trail;
    this.#step = from;
  }

  /** The inputs of the next step, which the caller disposes. Throws what making them threw. */
  take(): Inputs {
    const next = this.#next, step = this.#step++;
    this.#next = undefined;
    if (next === undefined) return this.#make(step);
    if ("error" in next) throw next.error;
    next.settle();
    return next.inputs;
  }

  /** Makes them, unless they are there or the training is over. Never throws: for `TrainingStep.run`. */
  readonly ahead = (): void => {
    if (this.#trail === undefined || this.#next !== undefined || this.#step >= this.#steps) return;
    const { streams, record } = this.#trail;
    const make = () => this.#make(this.#step);
    const before = streams.map((stream) => stream.state());
    try {
      const { result: inputs, tell } = record ? record.later(make) : { result: make(), tell: () => {} };
      handOver(inputs);
      const after = streams.map((stream) => stream.state());
      const settle = () => {
        streams.forEach((stream, i) => stream.restore(after[i]!));
        tell();
      };
      this.#next = { inputs, settle };
    } catch (error) {
      this.#next = { error };
    } finally {
      streams.forEach((stream, i) => stream.restore(before[i]!));
    }
  };

  /** Disposes inputs that no step took. */
  [Symbol.dispose](): void {
    if (this.#next && "inputs" in this.#next) tf.dispose(this.#next.inputs as tf.TensorContainer);
    this.#next = undefined;
  }
}
