import * as tf from "@tensorflow/tfjs";
import type { Params } from "../types.ts";
import { NamedState } from "./_named_state.ts";
import type { Optimiser } from "./optimiser.ts";

/** Options of `sgd`; the defaults are PyTorch's. */
export interface SgdOptions {
  /** Step size. @default {0.01} */
  learningRate?: number;
  /** Share of the last step's direction that goes on. @default {0} */
  momentum?: number;
  /** Nesterov's form of momentum. @default {false} */
  nesterov?: boolean;
  /** L2 penalty added to the gradient. @default {0} */
  weightDecay?: number;
}

/**
 * Stochastic gradient descent as `torch.optim.SGD` computes it: g += decay p; b = momentum b + g (the first b is g);
 * p -= lr b, or with Nesterov p -= lr (g + momentum b).
 *
 * @throws RangeError if an option is out of range, or for Nesterov without momentum.
 *
 * @example
 * ```ts
 * import { sgd, startEngine } from "@macro2micro/mer/engine";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * await startEngine("cpu", { say: () => {} });
 * const params = { w: tf.tensor1d([1]) };
 * const grads = { w: tf.tensor1d([2]) };
 * const optimiser = sgd({ learningRate: 0.25 });
 * optimiser.step(params, grads);
 * assertEquals(params.w.dataSync()[0], 0.5);
 * optimiser.dispose();
 * tf.dispose([params, grads]);
 * ```
 */
export function sgd(options: SgdOptions = {}): Optimiser {
  const { learningRate = 0.01, momentum = 0, nesterov = false, weightDecay = 0 } = options;
  for (const [name, value] of [["momentum", momentum], ["weightDecay", weightDecay]] as const) {
    if (!(value >= 0)) {
      throw new RangeError(`Cannot make SGD: ${name} must not be negative, current value is ${value}`);
    }
  }
  if (nesterov && momentum === 0) {
    throw new RangeError("Cannot make SGD: nesterov needs a positive momentum, current value is 0");
  }
  const buffers = new NamedState(momentum === 0 ? [] : ["momentum_buffer"]);
  return {
    learningRate,
    step(params: Params, grads: Params): void {
      buffers.steps++;
      for (const [name, grad] of Object.entries(grads)) {
        const { parameter: p, slots: [b] } = buffers.of(params, name, grad);
        const [nextP, ...nextB] = tf.tidy(() => {
          const g = weightDecay === 0 ? grad : grad.add(p.mul(weightDecay));
          if (b === undefined) return [p.sub(g.mul(this.learningRate))];
          const nextB = b.mul(momentum).add(g); // b is 0 at first, so the first is g
          const along = nesterov ? nextB.mul(momentum).add(g) : nextB;
          return [p.sub(along.mul(this.learningRate)), nextB];
        }) as [tf.Tensor, ...tf.Tensor[]];
        buffers.replace(params, name, nextP, nextB);
      }
    },
    state: () => buffers.copies(),
    restore: (state) => buffers.restore(state),
    dispose: () => buffers.dispose(),
  };
}
