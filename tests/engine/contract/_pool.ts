import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { seededRandom, startEngine } from "../../../engine/mod.ts";
import { assertClose, onCpu, valuesOf } from "../../_engine.ts";

type Pad = "valid" | "same" | number | tf.backend_util.ExplicitPadding;
type Shape = [number, number, number, number];

function pooling(
  kind: "max" | "avg",
  shape: Shape,
  size: number,
  stride: number,
  pad: Pad,
): () => tf.Tensor[] {
  return () => {
    const random = seededRandom(String(shape));
    const values = (s: Shape, f: () => number) =>
      tf.tensor4d(Float32Array.from({ length: s.reduce((a, b) => a * b) }, f), s);
    const pool = (x: tf.Tensor4D) =>
      (kind === "max" ? tf.maxPool : tf.avgPool)(x, size, stride, pad as "same");
    const x = values(shape, () => random.integer(4)); // with ties
    const y = pool(x) as tf.Tensor4D;
    const dy = values(y.shape, () => random.normal());
    return [y, tf.grad((x: tf.Tensor) => pool(x as tf.Tensor4D))(x, dy)];
  };
}

/** Pooling and its gradients agree with the cpu engine on small maps. */
export function poolingContract(engine: string): void {
  async function agree(...args: Parameters<typeof pooling>): Promise<void> {
    await startEngine(engine, { say: () => {} });
    const f = pooling(...args);
    const actual = valuesOf(f);
    const expected = await onCpu(f);
    ["y", "dx"].forEach((name, i) =>
      assertClose(actual[i] ?? [], expected[i] ?? [], 1e-5, `${name} of ${JSON.stringify(args)}`)
    );
  }

  Deno.test(`${engine} pooling agrees with cpu: ResNet18's 3x3, stride 2, padding 1`, () =>
    agree("max", [2, 8, 7, 3], 3, 2, 1));
  Deno.test(`${engine} pooling agrees with cpu: STSTNet's 3x3, stride 3, padding 1`, () =>
    agree("max", [2, 8, 8, 5], 3, 3, 1));
  Deno.test(`${engine} pooling agrees with cpu: STSTNet's 2x2, stride 2`, () =>
    agree("avg", [2, 7, 8, 5], 2, 2, "valid"));

  Deno.test(`${engine} max pooling agrees with cpu: any size, stride and padding`, async () => {
    const small = (max: number) => fc.integer({ min: 1, max });
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(
          small(2),
          small(8),
          small(8),
          small(6),
          small(3),
          small(3),
          fc.constantFrom<Pad>("valid", "same", 0, 1),
        )
          .filter(([, h, w, , k]) => Math.min(h, w) >= k),
        ([n, h, w, c, k, s, pad]) => agree("max", [n, h, w, c], Math.max(k, pad === 1 ? 2 : 1), s, pad),
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  Deno.test(`${engine} average pooling agrees with cpu without padding`, async () => {
    for (const [h, w, k, s] of [[4, 4, 2, 2], [5, 7, 3, 2], [6, 5, 2, 1], [8, 8, 3, 3]] as const) {
      await agree("avg", [2, h, w, 3], k, s, "valid");
    }
  });

  Deno.test(`${engine} average pooling counts no padding, in both directions (tfjs's cpu gradient counts it)`, async () => {
    await startEngine(engine, { say: () => {} });
    const [y, dx] = valuesOf(() => {
      const pool = (x: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, 3, 3, 1);
      const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
      return [pool(x), tf.grad(pool)(x)];
    });
    assertClose(y ?? [], [2.5]);
    assertClose(dx ?? [], [0.25, 0.25, 0.25, 0.25]);
  });
}
