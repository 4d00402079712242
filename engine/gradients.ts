import * as tf from "@tensorflow/tfjs";
import type { Params } from "../types.ts";
import { tensorsIn } from "./_containers.ts";

/** What `gradients` gives: the function's own result, and a gradient for each name. */
export interface Gradients<Result> {
  /** What `f` returned; its tensors belong to the caller. */
  readonly value: Result;
  /** d loss / d parameter, of the parameter's shape; the tensors belong to the caller. */
  readonly grads: Params;
}

/**
 * Value and named gradients of a loss. `f` runs in a tidy: of all the tensors made within, those that it returns
 * (the loss and any others in the object) and those it kept by `tf.keep` survive, with the gradients. The caller
 * disposes them, for instance with `tf.dispose([value, grads])`. Parameters are read where `f` reads them, from `params`.
 *
 * @param f Computes the loss, a scalar, from `params`; may return more tensors beside it.
 * @param params The parameters.
 * @param names Which of them to differentiate by. One that the loss does not depend on gets a gradient of zeros.
 * @throws RangeError if a name is not in `params` or the loss is not a scalar; an Error if the loss depends on none.
 *
 * @example
 * ```ts
 * import { gradients, startEngine } from "@macro2micro/mer/engine";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * await startEngine("cpu", { say: () => {} });
 * const params = { w: tf.tensor1d([1, 2]) };
 * const { value, grads } = gradients(() => ({ loss: params.w.square().sum().asScalar() }), params, ["w"]);
 * assertEquals(value.loss.arraySync(), 5);
 * assertEquals(grads.w?.arraySync(), [2, 4]);
 * tf.dispose([value, grads, params]);
 * ```
 */
export function gradients<Result extends { loss: tf.Scalar }>(
  f: () => Result,
  params: Params,
  names: readonly string[],
): Gradients<Result> {
  const sources = names.map((name) => {
    const tensor = params[name];
    if (tensor === undefined) throw new RangeError(`Cannot take gradients: there is no parameter ${name}`);
    return tensor;
  });
  const tracker = tf.engine() as unknown as { track(tensor: tf.Tensor): void }; // private in the types only
  return tf.tidy(() => {
    const before = tf.scalar(0).id; // tensors are numbered in the order they are made
    const extras: tf.Tensor[] = [];
    let result: Result | undefined;
    const { value: loss, grads } = tf.engine().gradients(
      () => {
        result = f();
        refuseUnlessScalar(result.loss);
        for (const tensor of tensorsIn(result)) {
          if (tensor.id > before && !tensor.kept && tensor !== result.loss) extras.push(tf.keep(tensor));
        }
        return result.loss;
      },
      sources,
      undefined,
      true,
    );
    // tf's forward scope disposes all but the loss: the extras were kept through it and now join this scope.
    for (const tensor of extras) {
      tensor.kept = false;
      tracker.track(tensor);
    }
    const named: Params = {};
    names.forEach((name, i) => named[name] = grads[i] ?? tf.zerosLike(sources[i] as tf.Tensor));
    return { value: { ...(result as Result), loss }, grads: named } as unknown as tf.TensorContainer;
  }) as unknown as Gradients<Result>;
}

function refuseUnlessScalar(loss: tf.Tensor): void {
  if (loss.rank === 0) return;
  throw new RangeError(`Cannot take gradients: the loss must be a scalar, current shape is [${loss.shape}]`);
}
