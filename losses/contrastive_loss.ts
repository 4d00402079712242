import * as tf from "@tensorflow/tfjs";
import { gram } from "./_gram.ts";
import { normalizeRows } from "./_normalize_rows.ts";
import { checkLabels } from "./_labels.ts";

/** The features of one domain's clips and their classes. */
export interface LabelledFeatures {
  /** (n, C) float32. */
  features: tf.Tensor2D;
  /** (n) int32, classes >= 0 of the label set that both domains share. */
  labels: tf.Tensor1D;
}

/** Options of {@linkcode contrastiveLoss}. What the paper leaves open or prints unusually is a choice here. */
export interface ContrastiveLossOptions {
  /**
   * tau, > 0. The paper does not give it; this is the value of Khosla et al. (2020).
   *
   * @default {0.1}
   */
  temperature?: number;
  /**
   * `"paper"` is Eq. 6-7 as printed: the sum over an anchor's positives, with the anchor itself among the terms of the
   * denominator. `"supcon"` is L_out of Khosla et al. (2020): the mean over the positives, with the anchor masked out.
   *
   * @default {"paper"}
   */
  form?: "paper" | "supcon";
  /**
   * Over the anchors: `"sum"`, as printed, or `"mean"` over those that have a positive. Sums grow with the square of the
   * batch in the paper's form (each of N anchors sums over about N/L positives), so weigh l4 against the batch size.
   *
   * @default {"sum"}
   */
  reduction?: "sum" | "mean";
  /**
   * How two features compare: the cosine, that is the dot product of L2-normalised features, or the plain `"dot"` product.
   * The paper does not say; plain products of unbounded features are at the mercy of their scale.
   *
   * @default {"cosine"}
   */
  similarity?: "cosine" | "dot";
}

/**
 * The contrastive loss L_con, which draws micro and macro features of one class together and others apart.
 *
 * Eq. 5-7 of Xia & Wang (IJCAI 2021). The clips of both domains form one pool of N; each clip of either domain is an anchor once
 * (Eq. 5 adds up the micro anchors, index i, and the macro anchors, index a). For an anchor z with positives P (the other
 * clips of its class, from both domains) and the pool A,
 *
 * - `"paper"`: loss(z) = sum over p in P of -log(exp(z.p / tau) / sum over k in A of exp(z.k / tau)), A with z itself;
 * - `"supcon"`: loss(z) = mean over p in P of the same, A without z.
 *
 * An anchor without positives (a class with one clip, such as a micro class without macro counterparts seen once) adds 0.
 * So a batch with no positive pair, and a batch of one clip, give 0 with no gradient. A batch of one class is an
 * ordinary value. Under `"cosine"` a vector without a component of 1e-8 or more counts as zero: its similarity is 0 to
 * everything, and it gets no gradient. Under `"dot"` features must stay below 1e18 in size.
 *
 * Features of a frozen MaNet get a gradient only if the caller asks for one.
 *
 * @param micro Features (n, C) and labels (n) of the micro clips. One domain, not both, may be empty.
 * @param macro The same of the macro clips, with the same C.
 * @returns A scalar >= 0.
 * @throws {TypeError} If ranks or types are not as above.
 * @throws {RangeError} If the pool is empty, shapes disagree, a label is negative, or an option has no such value.
 *
 * @example
 * ```ts
 * import { contrastiveLoss } from "@macro2micro/mer/losses";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const micro = { features: tf.tensor2d([[1, 0]]), labels: tf.tensor1d([2], "int32") };
 * const macro = { features: tf.tensor2d([[1, 0], [0, 1]]), labels: tf.tensor1d([2, 0], "int32") };
 * const loss = contrastiveLoss(micro, macro, { form: "supcon", reduction: "mean", temperature: 1 });
 * // Two anchors have a positive; each compares e^1 to e^1 + e^0.
 * assertAlmostEquals(loss.dataSync()[0]!, Math.log(1 + Math.exp(-1)), 1e-6);
 * ```
 */
export function contrastiveLoss(
  micro: LabelledFeatures,
  macro: LabelledFeatures,
  options: ContrastiveLossOptions = {},
): tf.Scalar {
  const { temperature = 0.1, form = "paper", reduction = "sum", similarity = "cosine" } = options;
  checkOptions({ temperature, form, reduction, similarity });
  const sides = [check("micro", micro), check("macro", macro)];
  if (sides[0]!.columns !== sides[1]!.columns) {
    throw refused(
      `micro and macro features must have the same width, current widths are ${
        sides.map((s) => s.columns).join(" and ")
      }`,
    );
  }
  const filled = sides.filter((side) => side.n > 0);
  if (filled.length === 0) throw refused("the batch is empty");

  return tf.tidy(() => {
    const pool = tf.concat(filled.map((side) => side.features), 0); // (n, C), (n', C) -> (N, C)
    const labels = tf.concat(filled.map((side) => side.labels), 0); // (N)
    const z = similarity === "cosine" ? normalizeRows(pool) : pool;
    const alike = tf.div(gram(z), temperature) as tf.Tensor2D; // (N, C) -> (N, N)
    const self = tf.eye(labels.size);
    const sameClass = tf.equal(tf.expandDims(labels, 1), tf.expandDims(labels, 0));
    const positives = tf.sub(tf.cast(sameClass, "float32"), self); // (N, N)
    // Masking by -1e38 instead of -Infinity keeps 0 * logit finite below.
    const logits = form === "paper" ? alike : tf.sub(tf.mul(alike, tf.sub(1, self)), tf.mul(self, 1e38));
    const count = tf.sum(positives, 1); // (N)
    let perAnchor = tf.neg(tf.sum(tf.mul(positives, tf.logSoftmax(logits as tf.Tensor2D)), 1)); // (N)
    if (form === "supcon") perAnchor = tf.div(perAnchor, tf.maximum(count, 1));
    const sum = tf.sum(perAnchor) as tf.Scalar;
    if (reduction === "sum") return sum;
    return tf.div(sum, tf.maximum(tf.sum(tf.minimum(count, 1)), 1)) as tf.Scalar;
  });
}

function check(name: string, side: LabelledFeatures): LabelledFeatures & { n: number; columns: number } {
  const { features, labels } = side;
  const [n = 0, columns = 0] = features.shape;
  if (features.rank !== 2 || features.dtype !== "float32") {
    throw new TypeError(
      `Cannot compute contrastive loss: ${name} features must be a float32 tensor of rank 2, current value is ${features.dtype} of rank ${features.rank}`,
    );
  }
  checkLabels(`compute contrastive loss of ${name} clips`, labels, n, Infinity);
  return { features, labels, n, columns };
}

function checkOptions(options: Required<ContrastiveLossOptions>): void {
  const { temperature } = options;
  if (!(temperature > 0 && temperature < Infinity)) {
    throw refused(`temperature must be finite and > 0, current value is ${temperature}`);
  }
  const values = { form: ["paper", "supcon"], reduction: ["sum", "mean"], similarity: ["cosine", "dot"] };
  for (const [name, allowed] of Object.entries(values)) {
    const value = options[name as keyof typeof values];
    if (!allowed.includes(value)) {
      throw refused(`${name} must be "${allowed.join('" or "')}", current value is ${JSON.stringify(value)}`);
    }
  }
}

function refused(why: string): RangeError {
  return new RangeError(`Cannot compute contrastive loss: ${why}`);
}
