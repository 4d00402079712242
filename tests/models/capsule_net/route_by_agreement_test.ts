// Squash and routing against loops over plain numbers, straight from Sabour et al. 2017.
import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { routeByAgreement, squash } from "../../../models/mod.ts";
import { assertClose, useEngine } from "../../_engine.ts";

await useEngine();

const [J, I, d] = [3, 5, 4];
const predictions = Array.from({ length: J * I * d }, (_, i) => 1.5 * Math.sin(1 + 2.3 * i));
const at = (u: readonly number[], j: number, i: number, k: number) => u[(j * I + i) * d + k] as number;

/** v of Eq. 1. */
function naiveSquash(s: readonly number[]): number[] {
  const square = s.reduce((sum, x) => sum + x * x, 0);
  return s.map((x) => square / (1 + square) * x / Math.sqrt(square));
}

/** c after so many rounds of Procedure 1, [i][j]. */
function naiveCoefficients(u: readonly number[], rounds: number): number[][] {
  const b = Array.from({ length: I }, () => Array<number>(J).fill(0));
  const coupling = () =>
    b.map((row) => {
      const exp = row.map(Math.exp), sum = exp.reduce((a, x) => a + x);
      return exp.map((x) => x / sum);
    });
  for (let round = 0; round < rounds; round++) {
    const v = naiveVotes(u, coupling());
    for (let i = 0; i < I; i++) {
      for (let j = 0; j < J; j++) for (let k = 0; k < d; k++) b[i]![j]! += at(u, j, i, k) * v[j]![k]!;
    }
  }
  return coupling();
}

function naiveVotes(u: readonly number[], c: readonly number[][]): number[][] {
  return Array.from({ length: J }, (_, j) =>
    naiveSquash(Array.from({ length: d }, (_, k) => {
      let s = 0;
      for (let i = 0; i < I; i++) s += c[i]![j]! * at(u, j, i, k);
      return s;
    })));
}

for (const iterations of [1, 2, 3, 5]) {
  Deno.test(`${iterations} iterations of routing are the paper's procedure`, () => {
    const v = tf.tidy(() => routeByAgreement(tf.tensor4d(predictions, [1, J, I, d]), iterations));
    assertEquals(v.shape, [1, J, d]);
    const expected = naiveVotes(predictions, naiveCoefficients(predictions, iterations - 1)).flat();
    assertClose([...v.dataSync()], expected, 1e-5);
    v.dispose();
  });
}

Deno.test("clips of a batch are routed each for itself", () => {
  const other = predictions.map((x, i) => -0.4 * x + 0.1 * (i % 3));
  const [both, one, two] = tf.tidy(() => [
    routeByAgreement(tf.tensor4d([...predictions, ...other], [2, J, I, d]), 3),
    routeByAgreement(tf.tensor4d(predictions, [1, J, I, d]), 3),
    routeByAgreement(tf.tensor4d(other, [1, J, I, d]), 3),
  ]) as [tf.Tensor, tf.Tensor, tf.Tensor];
  assertClose([...both.dataSync()], [...one.dataSync(), ...two.dataSync()], 1e-6);
  tf.dispose([both, one, two]);
});

Deno.test("the gradient takes the coupling as constant", () => {
  const weights = Array.from({ length: J * d }, (_, i) => Math.cos(0.7 * i));
  const c = naiveCoefficients(predictions, 2);
  const loss = (u: readonly number[]) =>
    naiveVotes(u, c).flat().reduce((sum, x, i) => sum + x * (weights[i] as number), 0);
  const h = 1e-5;
  const expected = predictions.map((_, p) => {
    const moved = (by: number) => loss(predictions.map((x, q) => q === p ? x + by : x));
    return (moved(h) - moved(-h)) / (2 * h);
  });
  const gradient = tf.tidy(() =>
    tf.grad((u) => tf.sum(tf.mul(routeByAgreement(u as tf.Tensor4D, 3), tf.tensor3d(weights, [1, J, d]))))(
      tf.tensor4d(predictions, [1, J, I, d]),
    )
  );
  assertClose([...gradient.dataSync()], expected, 1e-4);
  gradient.dispose();
});

Deno.test("squash keeps directions, bounds lengths, and is harmless at zero", () => {
  const s = [[3, 4], [0.03, -0.04], [300, 0]];
  const v = tf.tidy(() => squash(tf.tensor2d(s)));
  assertClose([...v.dataSync()], s.flatMap(naiveSquash), 1e-5);
  const atZero = tf.tidy(() => tf.grad((x) => tf.sum(squash(x)))(tf.zeros([1, 4])));
  assert(atZero.dataSync().every((g) => g === 0));
  tf.dispose([v, atZero]);
});

Deno.test("no iteration at all is refused", () => {
  const u = tf.zeros([1, J, I, d]) as tf.Tensor4D;
  assertThrows(() => routeByAgreement(u, 0), RangeError, "iterations must be a positive integer");
  u.dispose();
});
