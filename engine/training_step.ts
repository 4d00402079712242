import * as tf from "@tensorflow/tfjs";
import type { Params } from "../types.ts";
import { gradients } from "./gradients.ts";
import { type AdamTensors, type RecordedUpdate, recording } from "./_recorder.ts";
import { Recordings } from "./_recordings.ts";
import type { Optimiser, UpdateGroup } from "./optimiser.ts";
import { recordingsIn, type SharedSlot } from "./shared_recordings.ts";

/** Options of `trainingStep`. */
export interface TrainingStepOptions {
  /** Whether an engine that can do so records the step. @default {true} */
  record?: boolean;
  /** Recordings of earlier trainings that are alike in all but their inputs and parameters, and to be left to later ones. @default none */
  shared?: SharedSlot;
}

/** What `trainingStep` gives. */
export interface TrainingStep<Inputs, Result> {
  /**
   * Makes one step: gradients, the optimiser's step, new running statistics in `params`.
   *
   * @param inputs Whatever changes from step to step, in objects and arrays. Tensors may have other values each time; they remain the
   * caller's. Numbers and texts, such as offsets that pick frames, are fixed within a recording: other ones, like tensors of other
   * shapes, make another.
   * @param meanwhile Called while the step is being computed, on the thread that would otherwise wait: the place to make the next
   * inputs. Only a recorded step of the native engine calls it. It must not throw, nor use what the step changes.
   * @returns What the loss function returned; its tensors belong to the caller.
   */
  run(inputs: Inputs, meanwhile?: () => void): Result;
  /** Recordings so far, and why a step was not recorded, if so. */
  readonly recorded: { readonly count: number; readonly problems: readonly string[] };
  /** Forgets the recordings; parameters and optimiser stay. */
  dispose(): void;
}

/**
 * A training step as one thing: the gradients of a loss, the optimiser's step, the running statistics. On the native engine the
 * step is recorded: at first it runs operation by operation and each is noted; from then on (and for that step too, so that its result
 * does not depend on when it was recorded) TensorFlow runs all of them as one graph, without JavaScript in between. On other
 * engines, with an optimiser that has no `groups`, and where something cannot be recorded, it is run directly.
 *
 * What a recording takes as new in each step: `inputs`, every tensor of `params`, the optimiser's learning rate and step count, tensors
 * of {@linkcode perStep}, checks by {@linkcode inEveryStep}. All else that `loss` uses is as it was in the first step: numbers, and tensors from
 * outside, of which the same tensor is read again. A step that reads values back is not recorded.
 *
 * @param loss Gives the loss, a scalar, and whatever tensors are wanted beside it; puts new running statistics into `updates` by the
 * names that they have in `params`.
 * @param params The parameters. Entries are replaced or changed in place: who wants to keep a state copies it.
 * @param names The parameters to train.
 *
 * @example
 * ```ts
 * import { sgd, startEngine, trainingStep } from "@macro2micro/mer/engine";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * await startEngine("cpu", { say: () => {} });
 * const params = { w: tf.tensor1d([1]) };
 * const step = trainingStep(
 *   ({ x }: { x: tf.Tensor1D }) => ({ loss: params.w.mul(x).sum().asScalar() }),
 *   params,
 *   ["w"],
 *   sgd({ learningRate: 0.5 }),
 * );
 * const x = tf.tensor1d([4]);
 * assertEquals(step.run({ x }).loss.arraySync(), 4);
 * assertEquals(params.w.arraySync(), [-1]);
 * step.dispose();
 * tf.dispose([x, params]);
 * ```
 */
export function trainingStep<Inputs, Result extends { loss: tf.Scalar }>(
  loss: (inputs: Inputs, updates: Params) => Result,
  params: Params,
  names: readonly string[],
  optimiser: Optimiser,
  options: TrainingStepOptions = {},
): TrainingStep<Inputs, Result> {
  const { record = true, shared } = options;
  type Outputs = Omit<Made<Result>, "grads">;
  const recordings = new Recordings<Made<Result>, Outputs>(
    shared && recordingsIn({ ...shared, key: `${names}; ${shared.key}` }),
  );
  const make = (inputs: Inputs): Made<Result> => {
    const updates: Params = {};
    return { ...gradients(() => loss(inputs, updates), params, names), updates };
  };
  const finish = ({ value, grads, updates }: Made<Result>): Result => {
    optimiser.step(params, grads);
    replace(params, updates);
    tf.dispose(grads);
    return value;
  };
  return {
    run(inputs, meanwhile) {
      const groups = record && recording.recorder ? optimiser.groups?.(names) : undefined;
      if (groups === undefined) return finish(make(inputs));
      const trained = new Set(groups.flatMap(({ names }) => names));
      const others = Object.fromEntries(Object.entries(params).filter(([name]) => !trained.has(name)));
      const outcome = recordings.run(
        [inputs, others],
        () => make(inputs),
        ({ value, updates }) => ({ value, updates }),
        {
          states: ownStates(params, groups),
          updates: ({ grads }) => updatesOf(groups, grads),
          numbers: () => groups.map((group) => group.next()),
          groups: groups.length,
        },
        meanwhile,
      );
      if (!outcome.replayed) return finish(outcome.made);
      replace(params, outcome.outputs.updates);
      return outcome.outputs.value;
    },
    get recorded() {
      return recordings.state;
    },
    dispose: () => recordings.dispose(),
  };
}

/** What a step makes before the parameters change. */
interface Made<Result> {
  readonly value: Result;
  readonly grads: Params;
  /** New running statistics. */
  readonly updates: Params;
}

function updatesOf(groups: readonly UpdateGroup[], grads: Params): RecordedUpdate[] {
  return groups
    .flatMap(({ names, weightDecay }, group) => names.map((name) => ({ name, weightDecay, group })))
    .map(({ name, ...rest }, parameter) => ({ ...rest, parameter, gradient: grads[name] as tf.Tensor }));
}

/** The parameters with their moments; one that others hold too is copied, so that theirs stays as it is. */
function ownStates(params: Params, groups: readonly UpdateGroup[]): AdamTensors[] {
  const backend = tf.backend();
  return groups.flatMap((group) =>
    group.names.map((name) => {
      const parameter = params[name];
      if (parameter !== undefined && backend.refCount(parameter.dataId as never) > 1) {
        params[name] = tf.keep(tf.mul(parameter, 1));
        parameter.dispose();
      }
      return group.tensors(params, name);
    })
  );
}

/** Puts new tensors in the place of old ones. */
function replace(params: Params, updates: Params): void {
  for (const [name, tensor] of Object.entries(updates)) {
    params[name]?.dispose();
    params[name] = tensor;
  }
}
