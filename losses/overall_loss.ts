import * as tf from "@tensorflow/tfjs";

/** The terms of Eq. 8, scalars. A term left out (or undefined) does not take part: the rows of the ablation. */
export interface LossTerms {
  /** L_c, Eq. 1: {@linkcode expressionLoss}. */
  expression: tf.Scalar;
  /** L_s, Eq. 2: {@linkcode domainLoss} of D_s. */
  spatial?: tf.Scalar | undefined;
  /** L_sam, Eq. 3: {@linkcode relationLoss}. */
  relation?: tf.Scalar | undefined;
  /** L_t, Eq. 4: {@linkcode domainLoss} of D_t. */
  temporal?: tf.Scalar | undefined;
  /** L_con, Eq. 5-7: {@linkcode contrastiveLoss}. */
  contrastive?: tf.Scalar | undefined;
}

/** The weights of Eq. 8. */
export interface LossWeights {
  /**
   * l1, of L_s.
   *
   * @default {0.1}
   */
  spatial?: number;
  /**
   * l2, of L_sam.
   *
   * @default {0.2}
   */
  relation?: number;
  /**
   * l3, of L_t.
   *
   * @default {0.2}
   */
  temporal?: number;
  /**
   * l4, of L_con.
   *
   * @default {0.1}
   */
  contrastive?: number;
}

/** The weights of the paper: l1 = l4 = 0.1, l2 = l3 = 0.2. */
export const paperLossWeights: Readonly<Required<LossWeights>> = Object.freeze({
  spatial: 0.1,
  relation: 0.2,
  temporal: 0.2,
  contrastive: 0.1,
});

/**
 * The overall loss of the guided fine-tuning, Eq. 8 of Xia & Wang (IJCAI 2021):
 * L = L_c + l1 L_s + l2 L_sam + l3 L_t + l4 L_con.
 *
 * @param terms The scalars; those left out count as 0.
 * @param weights The weights; those left out are the paper's. A weight without its term has no effect.
 * @returns A scalar.
 * @throws {TypeError} If a term or weight has a name that Eq. 8 does not know, or a term is not a scalar.
 * @throws {RangeError} If a weight is negative or not finite.
 *
 * @example
 * ```ts
 * import { overallLoss } from "@macro2micro/mer/losses";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const terms = { expression: tf.scalar(1), spatial: tf.scalar(2), relation: tf.scalar(3) };
 * const loss = overallLoss(terms, { relation: 0.5 });
 * assertAlmostEquals(loss.dataSync()[0]!, 1 + 0.1 * 2 + 0.5 * 3, 1e-6);
 * ```
 */
export function overallLoss(terms: LossTerms, weights: LossWeights = {}): tf.Scalar {
  for (
    const name of [...Object.keys(terms).filter((name) => name !== "expression"), ...Object.keys(weights)]
  ) {
    if (!Object.hasOwn(paperLossWeights, name)) {
      throw new TypeError(`Cannot compute overall loss: Eq. 8 has no term ${JSON.stringify(name)}`);
    }
  }
  return tf.tidy(() => {
    let sum = scalar("expression", terms.expression);
    for (const name of Object.keys(paperLossWeights) as (keyof LossWeights)[]) {
      const weight = weights[name] ?? paperLossWeights[name];
      if (!(weight >= 0 && weight < Infinity)) {
        throw new RangeError(
          `Cannot compute overall loss: the weight of ${name} must be finite and >= 0, current value is ${weight}`,
        );
      }
      const term = terms[name];
      if (term !== undefined) sum = tf.add(sum, tf.mul(scalar(name, term), weight));
    }
    return tf.clone(sum);
  });
}

function scalar(name: string, term: tf.Tensor): tf.Scalar {
  if (term.size !== 1) {
    throw new TypeError(
      `Cannot compute overall loss: the term ${name} must be a scalar, current shape is [${term.shape}]`,
    );
  }
  return tf.reshape(term, []);
}
