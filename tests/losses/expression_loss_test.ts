import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { expressionLoss, relationLoss } from "../../losses/mod.ts";
import { onBackends } from "./_backends.ts";
import {
  assertClose,
  assertNoLeak,
  finiteDifferences,
  naiveNegativeLogP,
  numbers,
  rows,
  value,
} from "./_numbers.ts";

const labels = [2, 0, 1, 2, 2];
const logits = numbers(15).map((x) => 3 * x);
const int32 = (values: number[]) => tf.tensor1d(values, "int32");

function naive(x: number[], weights = [1, 1, 1]): number {
  let [sum, total] = [0, 0];
  rows(x, 3).forEach((row, i) => {
    sum += weights[labels[i]!]! * naiveNegativeLogP(row, labels[i]!);
    total += weights[labels[i]!]!;
  });
  return sum / total;
}

onBackends("expressionLoss is the mean of -log softmax, with the right gradient", () => {
  const loss = (x: tf.Tensor) => expressionLoss(x as tf.Tensor2D, int32(labels));
  const x = tf.tensor2d(logits, [5, 3]);
  assertAlmostEquals(value(loss(x)), naive(logits), 1e-6);
  assertClose(tf.grad(loss)(x).dataSync(), finiteDifferences((x) => naive(x), logits));
  assertNoLeak(() => tf.tidy(() => tf.grad(loss)(x)));
});

onBackends("expressionLoss weighs classes as PyTorch's weighted mean", () => {
  const classWeights = [0.5, 2, 0.25];
  const loss = (x: tf.Tensor) => expressionLoss(x as tf.Tensor2D, int32(labels), { classWeights });
  const x = tf.tensor2d(logits, [5, 3]);
  assertAlmostEquals(value(loss(x)), naive(logits, classWeights), 1e-6);
  assertClose(tf.grad(loss)(x).dataSync(), finiteDifferences((x) => naive(x, classWeights), logits));
  assertNoLeak(() => tf.tidy(() => tf.grad(loss)(x)));
});

onBackends("expressionLoss agrees with PyTorch 2.13 in a weighted example", () => {
  // torch.nn.functional.cross_entropy(x, y, weight=w) in float64
  const x = tf.tensor2d([[1, 2, 3], [0.5, -0.5, 0], [-1, 4, 2]]);
  assertAlmostEquals(value(expressionLoss(x, int32([0, 1, 2]))), 2.073573622937897, 1e-6);
  assertAlmostEquals(
    value(expressionLoss(x, int32([0, 1, 2]), { classWeights: [1, 2, 4] })),
    2.042789462948307,
    1e-6,
  );
});

onBackends("expressionLoss of degenerate batches is finite", () => {
  const y = int32([0]);
  assertAlmostEquals(value(expressionLoss(tf.tensor2d([[1, 2]]), y)), Math.log(1 + Math.E), 1e-6);
  assertEquals(value(expressionLoss(tf.tensor2d([[7]]), y)), 0);
  // No weight in the batch: 0, without a gradient.
  const unweighted = (x: tf.Tensor) => expressionLoss(x as tf.Tensor2D, y, { classWeights: [0, 1] });
  assertEquals(value(unweighted(tf.tensor2d([[1, 2]]))), 0);
  assertClose(tf.grad(unweighted)(tf.tensor2d([[1, 2]])).dataSync(), [0, 0]);
  // Huge logits, on the wrong and on the right side.
  const huge = tf.tensor2d([[-1e30, 1e30]]);
  assertClose([value(expressionLoss(huge, y)) / 2e30], [1]);
  assertEquals(value(expressionLoss(huge, int32([1]))), 0);
  assertClose(tf.grad((x) => expressionLoss(x as tf.Tensor2D, y))(huge).dataSync(), [-1, 1]);
});

onBackends("relationLoss is the cross entropy over intervals", () => {
  const x = tf.tensor2d(logits, [5, 3]);
  const loss = (x: tf.Tensor) => relationLoss(x as tf.Tensor2D, int32(labels));
  assertAlmostEquals(value(loss(x)), naive(logits), 1e-6);
  assertClose(tf.grad(loss)(x).dataSync(), finiteDifferences((x) => naive(x), logits));
  assertEquals(value(relationLoss(tf.tensor2d([[3], [-2]]), int32([0, 0]))), 0);
  assertNoLeak(() => tf.tidy(() => tf.grad(loss)(x)));
});

onBackends("expressionLoss and relationLoss refuse what they cannot mean", () => {
  const x = tf.tensor2d([[1, 2], [3, 4]]);
  const y = int32([0, 1]);
  assertThrows(
    () => expressionLoss(x, int32([0, 2])),
    RangeError,
    "labels must be in [0, 2), current value is 2",
  );
  assertThrows(() => relationLoss(x, int32([-1, 0])), RangeError, "Cannot compute relation loss");
  assertThrows(() => expressionLoss(x, int32([0])), RangeError, "there are 2 samples, but 1 labels");
  assertThrows(() => expressionLoss(x, tf.tensor1d([0, 1])), TypeError, "current value is float32 of rank 1");
  assertThrows(() => expressionLoss(tf.zeros([0, 2]), int32([])), RangeError, "must not be empty");
  assertThrows(
    () => expressionLoss(x, y, { classWeights: [1] }),
    RangeError,
    "classWeights must have 2 numbers, current length is 1",
  );
  assertThrows(() => expressionLoss(x, y, { classWeights: [1, -1] }), RangeError, "current value is -1");
  assertThrows(() => expressionLoss(x, y, { classWeights: [1, NaN] }), RangeError, "current value is NaN");
});
