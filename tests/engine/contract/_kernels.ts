import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seededRandom, startEngine } from "../../../engine/mod.ts";
import { assertClose, onCpu, valuesOf } from "../../_engine.ts";

function draw(shape: readonly number[], seed = "draw"): tf.Tensor {
  const random = seededRandom(`${seed} ${shape}`);
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(Float32Array.from({ length: size }, () => random.normal()), [...shape]);
}

/** Matrix products, sums and moves of elements agree with the cpu engine. */
export function kernelContract(engine: string): void {
  /** Values, shapes and types of what `f` makes agree with the cpu engine's. */
  async function agree(f: () => tf.Tensor[], what: string, tolerance = 1e-5): Promise<void> {
    await startEngine(engine, { say: () => {} });
    const described = () => tf.tidy(() => f().map((tensor) => `${tensor.dtype} [${tensor.shape}]`));
    const actual = valuesOf(f), shapes = described();
    const expected = await onCpu(f);
    await tf.setBackend("cpu");
    assertEquals(shapes, described(), what);
    await startEngine(engine, { say: () => {} });
    expected.forEach((values, i) =>
      assertClose(actual[i] ?? [], values, tolerance, `output ${i} of ${what}`)
    );
  }

  const size = (max: number) => fc.integer({ min: 1, max });
  const shapes = fc.array(size(5), { minLength: 1, maxLength: 4 });

  Deno.test(`${engine} matMul agrees with cpu: any size, transposed or not, with gradients`, async () => {
    await fc.assert(
      fc.asyncProperty(
        size(20),
        size(20),
        size(20),
        fc.boolean(),
        fc.boolean(),
        (m, k, n, tA, tB) =>
          agree(() => {
            const [a, b] = [draw(tA ? [k, m] : [m, k], "a"), draw(tB ? [n, k] : [k, n], "b")];
            const product = (a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b, tA, tB);
            return [product(a, b), ...tf.grads(product)([a, b], draw([m, n], "dy"))];
          }, `matMul ${[m, k, n, tA, tB]}`),
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  Deno.test(`${engine} matMul multiplies batches that broadcast (the cpu engine gets unequal ranks wrong)`, async () => {
    await agree(() => [tf.matMul(draw([3, 4, 5]), draw([3, 5, 2]))], "matMul of batches");
    await agree(() => [tf.matMul(draw([1, 2, 3]), draw([4, 3, 9]))], "matMul of one with a batch");
    const [a, b] = [draw([2, 1, 4, 5]), draw([3, 5, 6])];
    const [whole, ...parts] = valuesOf(() => [
      tf.matMul(a, b),
      ...[0, 1].flatMap((i) =>
        [0, 1, 2].map((j) => tf.matMul(a.slice(i, 1).reshape([4, 5]), b.slice(j, 1).reshape([5, 6])))
      ),
    ]);
    assertClose(whole ?? [], parts.flat());
    tf.dispose([a, b]);
  });

  Deno.test(`${engine} sum and mean agree with cpu: any shape and axes, with gradients`, async () => {
    const cases = shapes.chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        axes: fc.subarray(shape.map((_, i) => i), { minLength: 1 }),
        keep: fc.boolean(),
      })
    );
    await fc.assert(
      fc.asyncProperty(cases, ({ shape, axes, keep }) =>
        agree(() => {
          const sum = (x: tf.Tensor) => x.sum(axes, keep), mean = (x: tf.Tensor) => x.mean(axes, keep);
          const x = draw(shape);
          return [sum(x), mean(x), tf.grad(sum)(x), tf.grad(mean)(x)];
        }, `sum [${shape}] over ${axes}`)),
      { numRuns: 80, seed: 1 },
    );
    await agree(() => [tf.sum(tf.tensor2d([[1, 2], [3, 4]], [2, 2], "int32"), 0)], "sum of integers");
    await agree(() => [tf.sum(draw([700, 6]), 0), tf.mean(draw([333, 5]), 0)], "sums over many rows");
  });

  Deno.test(`${engine} slice, stridedSlice and split agree with cpu`, async () => {
    const cases = shapes.chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        begin: fc.tuple(...shape.map((n) => fc.nat(n - 1))),
        share: fc.tuple(...shape.map(() => fc.double({ min: 0, max: 1, noNaN: true }))),
        step: fc.tuple(...shape.map(() => fc.constantFrom(1, 2, 3, -1))),
      })
    );
    await fc.assert(
      fc.asyncProperty(cases, ({ shape, begin, share, step }) =>
        agree(() => {
          const x = draw(shape);
          const size = shape.map((n, i) => Math.max(1, Math.round((share[i] as number) * (n - begin[i]!))));
          const end = begin.map((b, i) => (step[i] as number) > 0 ? b + size[i]! : b - shape[i]! - 1);
          const integers = x.mul(10).toInt();
          const slice = (x: tf.Tensor) => x.slice(begin, size);
          return [
            slice(x),
            slice(integers),
            slice(x.greater(0)),
            tf.grad(slice)(x),
            tf.stridedSlice(x, begin, end, step),
            ...tf.unstack(x, shape.length - 1),
            ...tf.split(x, [1, shape[0]! - 1].filter((n) => n > 0)),
          ];
        }, `slice [${shape}] from ${begin} by ${step}`)),
      { numRuns: 80, seed: 1 },
    );
  });

  Deno.test(`${engine} concat, stack, tile and gather agree with cpu, with gradients`, async () => {
    const cases = shapes.chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        axis: fc.nat(shape.length - 1),
        more: size(3),
        reps: fc.tuple(...shape.map(() => size(3))),
        picks: fc.array(fc.nat(100), { minLength: 1, maxLength: 6 }),
      })
    );
    await fc.assert(
      fc.asyncProperty(cases, ({ shape, axis, more, reps, picks }) =>
        agree(() => {
          const x = draw(shape), other = draw(shape.map((n, i) => i === axis ? more : n));
          const indices = tf.tensor1d(picks.map((p) => p % shape[axis]!), "int32");
          const tile = (x: tf.Tensor) => x.tile(reps), gather = (x: tf.Tensor) => x.gather(indices, axis);
          const join = (x: tf.Tensor, y: tf.Tensor) => tf.concat([x, y, x], axis);
          return [
            join(x, other),
            ...tf.grads(join)([x, other]),
            tf.stack([x, x.mul(2)], axis),
            tile(x),
            tf.grad(tile)(x),
            gather(x),
            tf.concat([x.greater(0), other.greater(0)], axis),
          ];
        }, `concat [${shape}] along ${axis}`)),
      { numRuns: 60, seed: 1 },
    );
    await startEngine(engine, { say: () => {} });
    const x = tf.tensor1d([1, 2, 3]);
    assertThrows(() => tf.gather(x, tf.tensor1d([3], "int32")), RangeError, "an index must be in 0..2");
    x.dispose();
  });

  Deno.test(`${engine} clones share values, and each frees only itself`, async () => {
    await startEngine(engine, { say: () => {} });
    const before = tf.memory();
    const x = tf.tensor1d([1, 2, 3]);
    const copy = x.clone();
    assertEquals(tf.memory().numDataBuffers - before.numDataBuffers, 1);
    x.dispose();
    assertEquals([...copy.dataSync()], [1, 2, 3]);
    copy.dispose();
    assertEquals(tf.memory().numDataBuffers, before.numDataBuffers);
    assertEquals(tf.memory().numTensors, before.numTensors);
  });
}
