import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { contrastiveLoss, type ContrastiveLossOptions } from "../../losses/mod.ts";
import { onBackends } from "./_backends.ts";
import { assertClose, assertNoLeak, finiteDifferences, numbers, rows, value } from "./_numbers.ts";

/** Eq. 5-7 in loops over plain numbers. */
function naive(
  features: number[],
  columns: number,
  labels: number[],
  options: ContrastiveLossOptions,
): number {
  const { temperature = 0.1, form = "paper", reduction = "sum", similarity = "cosine" } = options;
  const z = rows(features, columns).map((row) => {
    const norm = similarity === "cosine" ? Math.hypot(...row) || 1 : 1;
    return row.map((x) => x / norm);
  });
  const alike = (i: number, k: number) => z[i]!.reduce((sum, x, c) => sum + x * z[k]![c]!, 0) / temperature;
  let [total, anchors] = [0, 0];
  for (let i = 0; i < z.length; i++) {
    const others = z.map((_, k) => k).filter((k) => form === "paper" || k !== i);
    const positives = z.map((_, k) => k).filter((k) => k !== i && labels[k] === labels[i]);
    if (positives.length === 0) continue;
    const max = Math.max(...others.map((k) => alike(i, k)));
    const logDenominator = max + Math.log(others.reduce((sum, k) => sum + Math.exp(alike(i, k) - max), 0));
    const sum = positives.reduce((sum, p) => sum + logDenominator - alike(i, p), 0);
    total += form === "paper" ? sum : sum / positives.length;
    anchors++;
  }
  return reduction === "sum" ? total : anchors === 0 ? 0 : total / anchors;
}

/** The loss of a pool whose first `micro` rows are micro clips, as a function of the flat features. */
function poolLoss(columns: number, labels: number[], micro: number, options: ContrastiveLossOptions) {
  return (flat: tf.Tensor): tf.Scalar => {
    const n = labels.length;
    const side = (from: number, to: number) => ({
      features: tf.slice(tf.reshape(flat, [n, columns]), [from, 0], [to - from, columns]) as tf.Tensor2D,
      labels: tf.tensor1d(labels.slice(from, to), "int32"),
    });
    return contrastiveLoss(side(0, micro), side(micro, n), options);
  };
}

const labels = [0, 1, 2, 0, 1, 0, 0, 3]; // classes 2 and 3 have one clip: no positives
const features = numbers(8 * 4).map((x) => 2 * x);
const every: ContrastiveLossOptions[] = [];
for (const form of ["paper", "supcon"] as const) {
  for (const reduction of ["sum", "mean"] as const) {
    for (const similarity of ["cosine", "dot"] as const) {
      for (const temperature of [0.1, 1]) every.push({ form, reduction, similarity, temperature });
    }
  }
}

onBackends("contrastiveLoss is Eq. 5-7 in loops, in every form, with the right gradient", () => {
  for (const options of every) {
    const loss = poolLoss(4, labels, 4, options);
    const x = tf.tensor1d(features);
    const oracle = (x: number[]) => naive(x, 4, labels, options);
    assertClose([value(loss(x))], [oracle(features)]);
    assertClose(tf.grad(loss)(x).dataSync(), finiteDifferences(oracle, features), 1e-4);
  }
});

onBackends("contrastiveLoss defaults to the equations as printed", () => {
  const x = tf.tensor1d(features);
  assertClose(
    [value(poolLoss(4, labels, 4, {})(x))],
    [naive(features, 4, labels, { form: "paper", reduction: "sum", similarity: "cosine", temperature: 0.1 })],
  );
});

onBackends("contrastiveLoss does not ask which domain a clip is from", () => {
  const x = tf.tensor1d(features);
  const expected = value(poolLoss(4, labels, 4, {})(x));
  for (const micro of [0, 1, 7, 8]) assertClose([value(poolLoss(4, labels, micro, {})(x))], [expected]);
});

onBackends("contrastiveLoss by hand", () => {
  // Three unit vectors at right angles but for the positive pair, tau 1. Paper: each of two anchors has
  // log(e + e + 1) - 1; supcon: log(e + 1) - 1.
  const x = tf.tensor1d([1, 0, 2, 0, 0, 3]);
  const paper = poolLoss(2, [1, 1, 0], 1, { temperature: 1 });
  assertAlmostEquals(value(paper(x)), 2 * (Math.log(2 * Math.E + 1) - 1), 1e-5);
  const supcon = poolLoss(2, [1, 1, 0], 1, { temperature: 1, form: "supcon", reduction: "mean" });
  assertAlmostEquals(value(supcon(x)), Math.log(Math.E + 1) - 1, 1e-5);
});

onBackends("contrastiveLoss falls when a class draws together", () => {
  const apart = tf.tensor1d([1, 0, 0, 1, -1, 0, 0, -1]);
  const together = tf.tensor1d([1, 0, 1, 0.1, -1, 0, -1, 0.1]);
  for (const options of every) {
    const loss = poolLoss(2, [0, 0, 1, 1], 2, options);
    assert(value(loss(together)) < value(loss(apart)));
  }
});

onBackends("contrastiveLoss of degenerate batches is finite", () => {
  for (const options of every) {
    const zeroWithoutGradient = (x: number[], labels: number[]) => {
      const loss = poolLoss(2, labels, 1, options);
      assertEquals(Math.abs(value(loss(tf.tensor1d(x)))), 0); // -0 on some engines
      assertClose(tf.grad(loss)(tf.tensor1d(x)).dataSync(), x.map(() => 0));
    };
    zeroWithoutGradient([1, 2, 3, 4, 5, 6], [0, 1, 2]); // no positive pair
    zeroWithoutGradient([1, 2], [0]); // one sample
    const oneClass = [1, 0.5, -1, 2, 0.3, 0.3];
    const loss = poolLoss(2, [1, 1, 1], 1, options);
    assertClose([value(loss(tf.tensor1d(oneClass)))], [naive(oneClass, 2, [1, 1, 1], options)]);
    // Equal features, and an only pair: in supcon the denominator holds nothing else.
    const pair = value(poolLoss(2, [1, 1], 1, options)(tf.tensor1d([1, 1, 1, 1])));
    if (options.form === "supcon") assertClose([pair], [0]);
    else assertClose([pair], [(options.reduction === "sum" ? 2 : 1) * Math.log(2)]);
  }
});

onBackends("contrastiveLoss takes zero, tiny and huge vectors", () => {
  const labels = [0, 0, 1, 1];
  for (const form of ["paper", "supcon"] as const) {
    const loss = poolLoss(2, labels, 2, { form });
    const zeros = [0, 0, 0, 0, 3, 4, -4, 3];
    assertClose([value(loss(tf.tensor1d(zeros)))], [naive(zeros, 2, labels, { form })]);
    const gradient = tf.grad(loss)(tf.tensor1d(zeros)).dataSync();
    assertClose(gradient.slice(0, 4), [0, 0, 0, 0]);
    assert(gradient.every(Number.isFinite) && gradient.slice(4).some((g) => g !== 0));
    for (const scale of [1e-7, 1e30]) { // the direction is all that counts
      const x = [1, 2, -2, 1, 3, 1, 0, 1];
      assertClose(
        [value(loss(tf.tensor1d(x.map((v) => v * scale))))],
        [naive(x, 2, labels, { form })],
      );
      assert(tf.grad(loss)(tf.tensor1d(x.map((v) => v * scale))).dataSync().every(Number.isFinite));
    }
    const dot = poolLoss(2, labels, 2, { form, similarity: "dot" });
    assert(Number.isFinite(value(dot(tf.tensor1d([1e15, 0, 0, 1e15, 1e15, 1e15, 0, 0])))));
  }
});

onBackends("contrastiveLoss leaves no tensors behind", () => {
  const z = tf.tensor2d(features, [8, 4]);
  const y = tf.tensor1d(labels, "int32");
  for (const options of every) {
    assertNoLeak(() => contrastiveLoss({ features: z, labels: y }, { features: z, labels: y }, options));
    assertNoLeak(() =>
      tf.tidy(() =>
        tf.grad((z) =>
          contrastiveLoss({ features: z as tf.Tensor2D, labels: y }, {
            features: z as tf.Tensor2D,
            labels: y,
          }, options)
        )(z)
      )
    );
  }
});

Deno.test("contrastiveLoss refuses what it cannot mean", () => {
  const int32 = (y: number[]) => tf.tensor1d(y, "int32");
  const two = { features: tf.tensor2d([[1, 2]]), labels: int32([0]) };
  const three = { features: tf.tensor2d([[1, 2, 3]]), labels: int32([0]) };
  const none = { features: tf.zeros([0, 2]) as tf.Tensor2D, labels: int32([]) };
  assertThrows(() => contrastiveLoss(two, three), RangeError, "current widths are 2 and 3");
  assertThrows(() => contrastiveLoss(none, none), RangeError, "the batch is empty");
  assertThrows(() => contrastiveLoss(two, { ...two, labels: int32([0, 1]) }), RangeError, "macro clips");
  assertThrows(
    () => contrastiveLoss({ ...two, labels: int32([-1]) }, two),
    RangeError,
    "current value is -1",
  );
  assertThrows(
    () => contrastiveLoss(two, two, { temperature: 0 }),
    RangeError,
    "temperature must be finite and > 0",
  );
  assertThrows(
    () => contrastiveLoss(two, two, { form: "khosla" as "paper" }),
    RangeError,
    '"paper" or "supcon"',
  );
  assertThrows(
    () => contrastiveLoss(two, two, { reduction: "none" as "sum" }),
    RangeError,
    '"sum" or "mean"',
  );
});
