import { assertAlmostEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { type LossTerms, overallLoss } from "../../losses/mod.ts";
import { onBackends } from "./_backends.ts";
import { assertClose, assertNoLeak, value } from "./_numbers.ts";

const five = [2, 3, 5, 7, 11];
const terms = (x: tf.Tensor[]): LossTerms => {
  const [expression, spatial, relation, temporal, contrastive] = x as tf.Scalar[];
  return { expression: expression!, spatial, relation, temporal, contrastive };
};

onBackends("overallLoss is Eq. 8 with the paper's weights, and its gradient is the weights", () => {
  const scalars = five.map((x) => tf.scalar(x));
  assertAlmostEquals(value(overallLoss(terms(scalars))), 2 + 0.1 * 3 + 0.2 * 5 + 0.2 * 7 + 0.1 * 11, 1e-5);
  const gradients = (weights = {}) =>
    tf.grads((...x) => overallLoss(terms(x), weights))(scalars).map((g) => g.dataSync()[0]!);
  assertClose(gradients(), [1, 0.1, 0.2, 0.2, 0.1]);
  assertClose(gradients({ spatial: 3, contrastive: 0 }), [1, 3, 0.2, 0.2, 0]);
  assertNoLeak(() => overallLoss(terms(scalars)));
});

onBackends("overallLoss leaves absent terms out", () => {
  const expression = tf.scalar(2);
  assertAlmostEquals(value(overallLoss({ expression })), 2, 1e-6);
  assertAlmostEquals(
    value(overallLoss({ expression, relation: undefined, temporal: tf.scalar(4) })),
    2.8,
    1e-6,
  );
  expression.dispose(); // the result must not have been the caller's own tensor
});

onBackends("overallLoss gives a tensor of its own", () => {
  const expression = tf.scalar(2);
  const loss = overallLoss({ expression });
  loss.dispose();
  assertAlmostEquals(value(expression), 2);
});

Deno.test("overallLoss refuses unknown names and impossible weights", () => {
  const expression = tf.scalar(1);
  assertThrows(() => overallLoss({ expression, sam: expression } as LossTerms), TypeError, 'no term "sam"');
  assertThrows(() => overallLoss({ expression }, { l1: 3 } as never), TypeError, 'no term "l1"');
  assertThrows(() => overallLoss({ expression }, { spatial: -1 }), RangeError, "weight of spatial");
  assertThrows(
    () => overallLoss({ expression: tf.zeros([2]) as tf.Scalar }),
    TypeError,
    "current shape is [2]",
  );
});
