import type * as tf from "@tensorflow/tfjs";
import type { AdamStep } from "./_adam_step.ts";

/** A parameter that the recorded function brings forward by Adam, in place. */
export interface RecordedUpdate {
  /** Which of the tensors given to `record` as `changing`. */
  readonly parameter: number;
  /** Its gradient, made within what was recorded. */
  readonly gradient: tf.Tensor;
  /** Which of the numbers given to `run` are its own. */
  readonly group: number;
  /** See `AdamOptions`. */
  readonly weightDecay: number;
}

/** The tensors of a parameter that Adam changes in place. */
export interface AdamTensors {
  /** The parameter. */
  readonly p: tf.Tensor;
  /** The running mean of its gradient. */
  readonly m: tf.Tensor;
  /** The running mean of its gradient's square. */
  readonly v: tf.Tensor;
}

/** A recorded function: all its operations in one call. */
export interface Replay {
  /** Whether it makes tensors anew on each replay, from what the recorded function drew from. */
  readonly draws: boolean;
  /**
   * Runs it.
   *
   * @param inputs New tensors in the place of those that it was recorded with.
   * @param changing The parameters of the updates, and their moments, in the order of the updates.
   * @param numbers Adam's numbers of this step for each group.
   * @param meanwhile Called while it runs, where that can be. It must not throw.
   * @returns Its outputs, which belong to the caller.
   */
  run(
    inputs: readonly tf.Tensor[],
    changing: readonly AdamTensors[],
    numbers: readonly AdamStep[],
    meanwhile?: () => void,
  ): tf.Tensor[];
  /** Forgets it. */
  dispose(): void;
}

/** What was noted while a function ran. */
export interface Recording {
  /** Why it cannot be replayed, if so. */
  readonly problem: string | undefined;
  /**
   * Makes a function of it.
   *
   * @param groups How many groups of numbers the updates have.
   * @throws Error if the engine refuses it.
   */
  finish(outputs: readonly tf.Tensor[], updates: readonly RecordedUpdate[], groups: number): Replay;
  /** Ends it: what it held for `finish` is given back. */
  dispose(): void;
}

/** An engine's part of recording; only the native one has it. */
export interface Recorder {
  /**
   * Runs `f` and notes its operations.
   *
   * @param inputs The tensors that other ones take the place of on replay; pairwise distinct.
   * @param changing Tensors that the updates change.
   */
  record<Result>(
    f: () => Result,
    inputs: readonly tf.Tensor[],
    changing: readonly tf.Tensor[],
  ): { result: Result; recording: Recording };
}

/** What `perStep` and `inEveryStep` tell a recording that is going on. */
export interface Listener {
  /** A tensor that is made anew on each replay. */
  made(tensor: tf.Tensor, make: () => tf.Tensor): void;
  /** A check of tensors that is made again on each replay. */
  checked(tensors: readonly tf.Tensor[], check: (...tensors: tf.Tensor[]) => void): void;
}

/** Of the running engine. */
export const recording: { recorder: Recorder | undefined; listener: Listener | undefined } = {
  recorder: undefined,
  listener: undefined,
};
