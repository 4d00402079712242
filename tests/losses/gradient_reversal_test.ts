import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { domainLoss, gradientReversal, grlSchedule } from "../../losses/mod.ts";
import { onBackends } from "./_backends.ts";
import { assertClose, assertNoLeak } from "./_numbers.ts";

onBackends("gradientReversal is the identity forward and -scale dy backward", () => {
  const x = tf.tensor2d([[1, -2, 3], [0, 5, -6]]);
  assertEquals([...gradientReversal(x, 0.7).dataSync()], [1, -2, 3, 0, 5, -6]);
  assertEquals(gradientReversal(x, 0.7).shape, [2, 3]);
  const weights = tf.tensor2d([[1, 2, 3], [4, 5, 6]]);
  const f = (x: tf.Tensor) => tf.sum(tf.mul(weights, gradientReversal(x, 0.25)));
  assertClose(tf.grad(f)(x).dataSync(), [-0.25, -0.5, -0.75, -1, -1.25, -1.5]);
  assertClose(tf.grad((x) => tf.sum(gradientReversal(x, 0)))(x).dataSync(), [0, 0, 0, 0, 0, 0]);
  assertNoLeak(() => gradientReversal(x, 1));
  assertNoLeak(() => tf.tidy(() => tf.grad(f)(x)));
});

onBackends("gradientReversal takes its scale as a scalar tensor too", () => {
  const x = tf.tensor1d([1, -2]);
  const grad = tf.grad((x) => tf.sum(tf.mul(3, gradientReversal(x, tf.scalar(0.25)))));
  assertClose(grad(x).dataSync(), [-0.75, -0.75]);
  assertNoLeak(() => tf.tidy(() => grad(x)));
});

onBackends("gradientReversal opposes features and discriminator under one loss", () => {
  const features = tf.tensor2d([[1, 2], [-1, 0.5]]);
  const weights = tf.tensor2d([[0.3], [-0.2]]);
  const isMicro = tf.tensor1d([1, 0], "int32");
  const grads = (scale: number | undefined) =>
    tf.grads((f, w) =>
      domainLoss(
        tf.matMul(
          scale === undefined ? f as tf.Tensor2D : gradientReversal(f as tf.Tensor2D, scale),
          w as tf.Tensor2D,
        ),
        isMicro,
      )
    )([features, weights]);
  const [plainFeatures, plainWeights] = grads(undefined);
  const [features2, weights2] = grads(2);
  assertClose(weights2!.dataSync(), plainWeights!.dataSync());
  assertClose(features2!.dataSync(), plainFeatures!.dataSync().map((g) => -2 * g));
});

Deno.test("gradientReversal refuses a negative or infinite scale", () => {
  const x = tf.tensor1d([1]);
  assertThrows(
    () => gradientReversal(x, -1),
    RangeError,
    "scale must be finite and >= 0, current value is -1",
  );
  assertThrows(() => gradientReversal(x, NaN), RangeError, "current value is NaN");
});

Deno.test("grlSchedule follows Ganin's curve or stays constant", () => {
  assertEquals(grlSchedule(0), 0);
  assertAlmostEquals(grlSchedule(0.5), 2 / (1 + Math.exp(-5)) - 1, 1e-12);
  assertAlmostEquals(grlSchedule(1), 0.9999092042625951, 1e-12);
  assertAlmostEquals(grlSchedule(0.5, { scale: 0.2, gamma: 4 }), 0.2 * Math.tanh(1), 1e-12); // the same curve as a tanh
  for (const p of [0, 0.4, 1]) assertEquals(grlSchedule(p, { form: "constant" }), 1);
  assertEquals(grlSchedule(0.4, { form: "constant", scale: 0.3 }), 0.3);
  assertThrows(() => grlSchedule(1.1), RangeError, "progress must be in [0, 1], current value is 1.1");
  assertThrows(() => grlSchedule(0, { scale: -1 }), RangeError, "scale must be finite");
  assertThrows(() => grlSchedule(0, { gamma: Infinity }), RangeError, "gamma must be finite");
  assertThrows(
    () => grlSchedule(0, { form: "linear" as "ganin" }),
    RangeError,
    'must be "ganin" or "constant"',
  );
});
