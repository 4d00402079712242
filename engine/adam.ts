import * as tf from "@tensorflow/tfjs";
import type { Params } from "../types.ts";
import type { Optimiser, UpdateGroup } from "./optimiser.ts";
import type { AdamStep } from "./_adam_step.ts";
import { NamedState } from "./_named_state.ts";

/** Options of `adam`; the defaults are PyTorch's. */
export interface AdamOptions {
  /** Step size, alpha. @default {0.001} */
  learningRate?: number;
  /** Decay of the running mean of the gradient. @default {0.9} */
  beta1?: number;
  /** Decay of the running mean of its square. @default {0.999} */
  beta2?: number;
  /** Added to the root of the corrected second moment, outside the root, as PyTorch does. @default {1e-8} */
  epsilon?: number;
  /** L2 penalty added to the gradient, as `torch.optim.Adam`'s, not AdamW's. @default {0} */
  weightDecay?: number;
}

/**
 * Adam (Kingma & Ba 2015) as `torch.optim.Adam` computes it:
 * m = b1 m + (1-b1) g, v = b2 v + (1-b2) g^2, p -= lr / (1-b1^t) * m / (sqrt(v) / sqrt(1-b2^t) + eps).
 * The moments start at zero. Parameters may join later; t counts the steps of the optimiser, not of each parameter.
 *
 * @throws RangeError if an option is out of range.
 *
 * @example
 * ```ts
 * import { adam, startEngine } from "@macro2micro/mer/engine";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * await startEngine("cpu", { say: () => {} });
 * const params = { w: tf.tensor1d([1]) };
 * const optimiser = adam({ learningRate: 0.1 });
 * const grads = { w: tf.tensor1d([5]) };
 * optimiser.step(params, grads); // the first step is the learning rate, whatever the gradient
 * assertAlmostEquals(params.w.dataSync()[0] ?? NaN, 0.9, 1e-6);
 * optimiser.dispose();
 * tf.dispose([params, grads]);
 * ```
 */
export function adam(options: AdamOptions = {}): Optimiser {
  const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  for (
    const [name, value, below] of [["beta1", beta1, 1], ["beta2", beta2, 1], ["epsilon", epsilon, Infinity], [
      "weightDecay",
      weightDecay,
      Infinity,
    ]] as const
  ) {
    if (!(value >= 0 && value < below)) {
      throw new RangeError(`Cannot make Adam: ${name} must be in [0, ${below}), current value is ${value}`);
    }
  }
  const moments = new NamedState(["exp_avg", "exp_avg_sq"]);
  function numbers(learningRate: number): AdamStep {
    const t = ++moments.steps;
    // p - lr / (1 - b1^t) m / (sqrt(v) / c + eps), both sides of the fraction times c = sqrt(1 - b2^t)
    const correction = Math.sqrt(1 - beta2 ** t);
    const rate = (learningRate * correction) / (1 - beta1 ** t);
    return { beta1, beta2, rate, epsilon: epsilon * correction, weightDecay };
  }
  return {
    learningRate,
    step(params: Params, grads: Params): void {
      const attrs = numbers(this.learningRate);
      const fused = tf.getKernel("M2MAdam", tf.getBackend()) !== undefined;
      for (const [name, g] of Object.entries(grads)) {
        const { parameter: p, slots } = moments.of(params, name, g);
        const [m, v] = slots as [tf.Tensor, tf.Tensor];
        if (fused) {
          moments.replace(params, name, tf.engine().runKernel("M2MAdam", { p, g, m, v }, attrs) as tf.Tensor);
        } else {
          const [next, ...nextSlots] = composite(p, g, m, v, attrs);
          moments.replace(params, name, next, nextSlots);
        }
      }
    },
    groups(names: readonly string[]): UpdateGroup[] {
      return [{
        names,
        weightDecay,
        tensors(params, name) {
          const { parameter: p, slots } = moments.of(params, name);
          const [m, v] = slots as [tf.Tensor, tf.Tensor];
          return { p, m, v };
        },
        next: () => numbers(this.learningRate),
      }];
    },
    state: () => moments.copies(),
    restore: (state) => moments.restore(state),
    dispose: () => moments.dispose(),
  };
}

/** The new parameter and moments out of tfjs's operations. */
function composite(
  p: tf.Tensor,
  grad: tf.Tensor,
  m: tf.Tensor,
  v: tf.Tensor,
  { beta1, beta2, rate, epsilon, weightDecay }: AdamStep,
): [tf.Tensor, tf.Tensor, tf.Tensor] {
  return tf.tidy(() => {
    const g = weightDecay === 0 ? grad : grad.add(p.mul(weightDecay));
    const nextM = m.mul(beta1).add(g.mul(1 - beta1));
    const nextV = v.mul(beta2).add(g.square().mul(1 - beta2));
    return [p.sub(nextM.mul(rate).div(nextV.sqrt().add(epsilon))), nextM, nextV];
  });
}
