import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals } from "@std/assert";

/** The one number of a scalar. */
export function value(scalar: tf.Scalar): number {
  assertEquals(scalar.shape, []);
  return scalar.dataSync()[0]!;
}

/** Fails unless both are finite and alike, element by element: |a - e| <= tolerance * max(1, |e|). */
export function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5): void {
  assertEquals(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i]!, expected[i]!];
    assert(
      Number.isFinite(a) && Math.abs(a - e) <= tolerance * Math.max(1, Math.abs(e)),
      `element ${i}: ${a} against ${e}`,
    );
  }
}

/** Central finite differences of a plain function. */
export function finiteDifferences(f: (x: number[]) => number, x: readonly number[], h = 1e-5): number[] {
  return x.map((_, i) => {
    const moved = (by: number) => f(x.map((v, j) => (j === i ? v + by : v)));
    return (moved(h) - moved(-h)) / (2 * h);
  });
}

/** Numbers that look random and are the same everywhere: the fractional parts of a quadratic irrational, in (-1, 1). */
export function numbers(count: number, salt = 0): number[] {
  return Array.from({ length: count }, (_, i) => 2 * (((i + 1 + 17 * salt) * 0.6180339887498949) % 1) - 1);
}

/** -log softmax(row)[label], shifted, in plain numbers. */
export function naiveNegativeLogP(row: readonly number[], label: number): number {
  const max = Math.max(...row);
  let sum = 0;
  for (const x of row) sum += Math.exp(x - max);
  return Math.log(sum) + max - row[label]!;
}

/** Rows of a flat array. */
export function rows(x: readonly number[], columns: number): number[][] {
  return Array.from({ length: x.length / columns }, (_, i) => x.slice(i * columns, (i + 1) * columns));
}

/** Fails if running it again leaves tensors behind. */
export function assertNoLeak(run: () => tf.Tensor | tf.Tensor[]): void {
  const once = () => tf.dispose(run());
  once();
  const before = tf.memory().numTensors;
  for (let i = 0; i < 5; i++) once();
  assertEquals(tf.memory().numTensors, before);
}
