import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { domainLoss } from "../../losses/mod.ts";
import { onBackends } from "./_backends.ts";
import { assertClose, assertNoLeak, finiteDifferences, numbers, value } from "./_numbers.ts";

const isMicro = [1, 0, 0, 1, 1, 0];
const logits = [...numbers(5).map((x) => 4 * x), 0];
const int32 = (values: number[]) => tf.tensor1d(values, "int32");

function naive(x: number[]): number {
  let sum = 0;
  x.forEach((x, i) => {
    const p = 1 / (1 + Math.exp(-x));
    sum -= isMicro[i] === 1 ? Math.log(p) : Math.log(1 - p);
  });
  return sum / x.length;
}

onBackends("domainLoss is the mean binary cross entropy, with the right gradient, at 0 too", () => {
  const expected = finiteDifferences(naive, logits);
  for (const shape of [[6], [6, 1]]) {
    const x = tf.tensor(logits, shape);
    const loss = (x: tf.Tensor) => domainLoss(x as tf.Tensor2D, int32(isMicro));
    assertAlmostEquals(value(loss(x)), naive(logits), 1e-6);
    const gradient = tf.grad(loss)(x);
    assertEquals(gradient.shape, shape);
    assertClose(gradient.dataSync(), expected);
    assertNoLeak(() => tf.tidy(() => tf.grad(loss)(x)));
  }
});

onBackends("domainLoss is stable for huge logits, one sample and one domain", () => {
  assertAlmostEquals(value(domainLoss(tf.tensor1d([0]), int32([1]))), Math.log(2), 1e-6);
  assertAlmostEquals(value(domainLoss(tf.tensor1d([1, 1]), int32([1, 1]))), Math.log(1 + Math.exp(-1)), 1e-6);
  for (const size of [100, 1e4, 1e30]) {
    const x = tf.tensor1d([size, -size]);
    assertClose([value(domainLoss(x, int32([1, 0])))], [0]);
    assertClose([value(domainLoss(x, int32([0, 1]))) / size], [1]);
    assertClose(tf.grad((x) => domainLoss(x as tf.Tensor1D, int32([0, 1])))(x).dataSync(), [0.5, -0.5]);
    assertClose(tf.grad((x) => domainLoss(x as tf.Tensor1D, int32([1, 0])))(x).dataSync(), [0, 0]);
  }
});

onBackends("domainLoss refuses what it cannot mean", () => {
  assertThrows(() => domainLoss(tf.zeros([2, 2]) as tf.Tensor2D, int32([0, 1])), TypeError, "shape [2,2]");
  assertThrows(() => domainLoss(tf.tensor1d([1, 2]), int32([0, 2])), RangeError, "current value is 2");
  assertThrows(() => domainLoss(tf.tensor1d([1, 2]), int32([0])), RangeError, "2 samples, but 1 labels");
  assertThrows(() => domainLoss(tf.tensor1d([]), int32([])), RangeError, "the batch is empty");
});
