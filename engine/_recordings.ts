import * as tf from "@tensorflow/tfjs";
import type { AdamStep } from "./_adam_step.ts";
import { formOf, rebuild, tensorsIn } from "./_containers.ts";
import { type AdamTensors, type RecordedUpdate, recording, type Replay } from "./_recorder.ts";

/** What a recorded function changes in place. */
export interface Changes<Made> {
  /** The parameters and their moments, in the order of the updates. */
  readonly states: readonly AdamTensors[];
  /** How, from what the function made while it was recorded. */
  readonly updates: (made: Made) => readonly RecordedUpdate[];
  /** Counts a step; gives Adam's numbers for each group. */
  readonly numbers: () => readonly AdamStep[];
  /** How many groups there are. */
  readonly groups: number;
}

/** What a call came to: the outputs of a replay, or all that the function made where it ran directly. */
export type Outcome<Made, Outputs> =
  | { readonly replayed: true; readonly outputs: Outputs }
  | { readonly replayed: false; readonly made: Made };

/** The most recordings that are kept; more would be a sign that something changes in every step. */
const most = 64;

/** The recordings of one function, by the form of its inputs. */
export class Recordings<Made, Outputs> {
  readonly #shared: Recordings<Made, Outputs> | undefined;
  readonly #kept = new Map<string, { readonly replay: Replay; readonly outputs: Outputs }>();
  readonly #problems = new Map<string, string>();

  /** @param shared Recordings that outlive these: they are used, and those that others can use too are put there. */
  constructor(shared?: Recordings<Made, Outputs>) {
    this.#shared = shared;
  }

  /** How many there are, and why calls were not recorded, if so. */
  get state(): { readonly count: number; readonly problems: readonly string[] } {
    const { count, problems } = this.#shared?.state ?? { count: 0, problems: [] };
    return { count: count + this.#kept.size, problems: [...problems, ...this.#problems.values()] };
  }

  /**
   * Replays the recording for inputs of this form, which is made first if there is none; or runs `f` where that cannot be.
   *
   * @param inputs All that is new in each call.
   * @param f Runs the function on them.
   * @param outputsOf Which part of what it made is wanted.
   * @param meanwhile Called while a replay runs, where that can be. It must not throw.
   */
  run(
    inputs: unknown,
    f: () => Made,
    outputsOf: (made: Made) => Outputs,
    changes?: Changes<Made>,
    meanwhile?: () => void,
  ): Outcome<Made, Outputs> {
    const { recorder, listener } = recording;
    if (!recorder || listener || tf.getBackend() !== "tensorflow") return { replayed: false, made: f() };
    const { form, tensors } = formOf(inputs);
    const shared = (this.#shared ?? this).#kept;
    let kept = this.#kept.get(form) ?? shared.get(form);
    if (kept === undefined) {
      if (this.state.count >= most) this.#problems.set(form, "there are too many forms of the inputs");
      if (this.#problems.has(form)) return { replayed: false, made: f() };
      const states = changes?.states ?? [];
      const { result: made, recording } = recorder.record(f, tensors, states.map(({ p }) => p));
      try {
        if (recording.problem !== undefined) throw new Error(recording.problem);
        const outputs = outputsOf(made);
        const replay = recording.finish(
          tensorsIn(outputs),
          changes?.updates(made) ?? [],
          changes?.groups ?? 0,
        );
        kept = { replay, outputs };
      } catch (error) {
        recording.dispose();
        this.#problems.set(form, (error as Error).message);
        return { replayed: false, made };
      }
      tf.dispose(made as unknown as tf.TensorContainer);
      (kept.replay.draws ? this.#kept : shared).set(form, kept);
    }
    const outputs = kept.replay.run(tensors, changes?.states ?? [], changes?.numbers() ?? [], meanwhile);
    return { replayed: true, outputs: rebuild(kept.outputs, outputs) };
  }

  /** Forgets them, but for shared ones. */
  dispose(): void {
    for (const { replay } of this.#kept.values()) replay.dispose();
    this.#kept.clear();
  }
}
