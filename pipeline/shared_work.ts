import * as tf from "@tensorflow/tfjs";
import { SharedRecordings } from "../engine/mod.ts";
import type { Params } from "../types.ts";
import { copyParams } from "./stages/params.ts";
import type { CheckpointPace } from "./training_state.ts";

/** What the jobs that one process does one after the other need not make again. Results don't depend on it. */
export class SharedWork {
  /** What steps came to as graphs. */
  readonly recordings: SharedRecordings = new SharedRecordings();
  /** How long checkpoints take. */
  readonly pace: CheckpointPace = { cost: 0 };
  #fresh: { readonly key: string; readonly params: Params } | undefined;

  /**
   * Fresh weights, which belong to the caller. Those of one key at a time are kept: the folds of a seed all begin with the same.
   *
   * @param key Equal keys say that the same weights would be drawn.
   * @param draw Draws them.
   */
  freshWeights(key: string, draw: () => Params): Params {
    if (this.#fresh?.key !== key) {
      tf.dispose(this.#fresh?.params ?? {});
      this.#fresh = { key, params: draw() };
    }
    return copyParams(this.#fresh.params);
  }

  /** Forgets everything. */
  dispose(): void {
    this.recordings.dispose();
    tf.dispose(this.#fresh?.params ?? {});
    this.#fresh = undefined;
  }
}
