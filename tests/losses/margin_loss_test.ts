import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { marginLoss } from "../../losses/mod.ts";
import { onBackends } from "./_backends.ts";
import { assertClose, assertNoLeak, finiteDifferences, numbers, rows, value } from "./_numbers.ts";

const labels = [2, 0, 1, 1];
const lengths = numbers(12, 5).map((x) => 0.5 + 0.45 * x);

/** Eq. 4 of Sabour et al. 2017, in plain numbers. */
function naive(x: readonly number[], present = 0.9, absent = 0.1, weight = 0.5): number {
  let sum = 0;
  rows(x, 3).forEach((row, i) =>
    row.forEach((length, k) => {
      if (k === labels[i]) sum += Math.max(0, present - length) ** 2;
      else sum += weight * Math.max(0, length - absent) ** 2;
    })
  );
  return sum / labels.length;
}

const tensors = () => [tf.tensor2d(lengths, [4, 3]), tf.tensor1d(labels, "int32")] as const;

onBackends("the margin loss is the paper's sum, and so is its gradient", () => {
  const [x, y] = tensors();
  assertClose([value(marginLoss(x, y))], [naive(lengths)]);
  const options = { present: 0.7, absent: 0.3, weight: 0.25 };
  assertClose([value(marginLoss(x, y, options))], [naive(lengths, 0.7, 0.3, 0.25)]);
  const gradient = tf.grad((x) => marginLoss(x as tf.Tensor2D, y))(x);
  assertClose(gradient.dataSync(), finiteDifferences(naive, lengths), 1e-4);
});

onBackends("capsules beyond both margins cost nothing, and nothing is left behind", () => {
  const y = tf.tensor1d([0, 1], "int32");
  assertEquals(value(marginLoss(tf.tensor2d([[0.95, 0.05, 0], [0.1, 0.9, 0.1]]), y)), 0);
  const [x, all] = tensors();
  assertNoLeak(() => marginLoss(x, all));
});

onBackends("labels out of range, of another number or type, and no clips are refused", () => {
  const [x] = tensors();
  assertThrows(() => marginLoss(x, tf.tensor1d([0, 1, 2, 3], "int32")), RangeError, "[0, 3)");
  assertThrows(() => marginLoss(x, tf.tensor1d([0], "int32")), RangeError);
  assertThrows(() => marginLoss(x, tf.tensor1d(labels, "float32")), TypeError);
  assertThrows(() => marginLoss(tf.zeros([0, 3]), tf.tensor1d([], "int32")), RangeError);
});
