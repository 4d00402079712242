import * as tf from "@tensorflow/tfjs";
import { seededRandom, startEngine } from "../../../engine/mod.ts";
import { assertClose, valuesOf } from "../../_engine.ts";

const epsilon = 1e-5;

/** Batch norm and its gradient as plain loops in float64; the gradient through the chain rule, term by term. */
function naive(x: number[], dy: number[], gamma: number[], beta: number[]): Record<string, number[]> {
  const c = gamma.length, m = x.length / c;
  const column = (values: number[], k: number) => values.filter((_, i) => i % c === k);
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const mean = gamma.map((_, k) => sum(column(x, k)) / m);
  const variance = gamma.map((_, k) => sum(column(x, k).map((v) => (v - (mean[k] as number)) ** 2)) / m);
  const root = variance.map((v) => Math.sqrt(v + epsilon));
  const at = (list: number[], i: number) => list[i % c] as number;
  const normal = x.map((v, i) => (v - at(mean, i)) / at(root, i));
  const y = normal.map((v, i) => v * at(gamma, i) + at(beta, i));
  const dbeta = gamma.map((_, k) => sum(column(dy, k)));
  const dgamma = gamma.map((_, k) => sum(column(dy.map((d, i) => d * (normal[i] as number)), k)));
  const dNormal = dy.map((d, i) => d * at(gamma, i));
  const dVariance = gamma.map((_, k) =>
    sum(column(dNormal.map((d, i) => d * (x[i] as number - at(mean, i)) * -0.5 * at(root, i) ** -3), k))
  );
  const dMean = gamma.map((_, k) => -sum(column(dNormal, k)) / (root[k] as number));
  const dx = dNormal.map((d, i) =>
    d / at(root, i) + at(dVariance, i) * 2 * ((x[i] as number) - at(mean, i)) / m + at(dMean, i) / m
  );
  return { y, mean, variance, dx, dgamma, dbeta };
}

/** The fused batch norm agrees with a naive loop, within a tolerance that may depend on the mean of the values. */
export function batchNormContract(engine: string, tolerance = (_mean: number): number => 1e-5): void {
  for (
    const [n, h, w, c, offset] of [
      [2, 3, 3, 4, 0],
      [3, 5, 7, 3, 0], // channels no multiple of 4, rows left over
      [1, 3, 3, 5, 2],
      [2, 3, 1, 6, 0],
      [2, 2, 2, 20, 0],
      [1, 1, 1, 8, 0], // one row: variance 0
      [1, 1, 3, 1, 0], // fewer rows than are taken together
      [4, 9, 9, 32, 100], // several blocks of rows, mean much larger than deviation
    ] as const
  ) {
    Deno.test(`${engine} batch norm agrees with a naive loop: ${n}x${h}x${w}x${c}, offset ${offset}`, async () => {
      await startEngine(engine, { say: () => {} });
      const random = seededRandom(`${n} ${h} ${w} ${c}`);
      const draw = (length: number, add: number) =>
        Array.from(Float32Array.from({ length }, () => random.normal() + add));
      const [x, dy] = [draw(n * h * w * c, offset), draw(n * h * w * c, 0)];
      const [gamma, beta] = [draw(c, 1), draw(c, 0)];
      const expected = naive(x, dy, gamma, beta);
      const actual = valuesOf(() => {
        const run = tf.engine().runKernel.bind(tf.engine());
        const inputs = {
          x: tf.tensor4d(x, [n, h, w, c]),
          gamma: tf.tensor1d(gamma),
          beta: tf.tensor1d(beta),
        };
        const [y, mean, variance] = run("M2MBatchNorm", inputs, { epsilon }) as unknown as tf.Tensor[];
        const more = { x: inputs.x, gamma: inputs.gamma, dy: tf.tensor4d(dy, [n, h, w, c]), mean, variance };
        const grads = run("M2MBatchNormGrad", more as tf.NamedTensorMap, {
          epsilon,
        }) as unknown as tf.Tensor[];
        return [y, mean, variance, ...grads] as tf.Tensor[];
      });
      Object.entries(expected).forEach(([name, values], i) =>
        assertClose(actual[i] ?? [], values, tolerance(offset), name)
      );
    });
  }
}
