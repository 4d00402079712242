import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { seededRandom, startEngine } from "../../../engine/mod.ts";
import { assertClose, onCpu, valuesOf } from "../../_engine.ts";

type Pad = "valid" | "same" | number | tf.backend_util.ExplicitPadding;

/** Forward pass and both gradients of a convolution of seeded numbers. */
function convolution(
  shape: [number, number, number, number],
  filter: [number, number, number, number],
  strides: [number, number],
  pad: Pad,
): () => tf.Tensor[] {
  return () => {
    const random = seededRandom(`${shape} ${filter}`);
    const draw = (s: [number, number, number, number]) =>
      tf.tensor4d(Float32Array.from({ length: s.reduce((a, b) => a * b) }, () => random.normal()), s);
    const [x, w] = [draw(shape), draw(filter)];
    const y = tf.conv2d(x, w, strides, pad as "same");
    const dy = draw(y.shape);
    const convolve = (x: tf.Tensor, w: tf.Tensor) =>
      tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad as "same");
    const [dx, dw] = tf.grads(convolve)([x, w], dy);
    return [y, dx as tf.Tensor, dw as tf.Tensor];
  };
}

/** Convolutions and their gradients agree with the cpu engine on small maps. */
export function convolutionContract(engine: string): void {
  async function agree(...args: Parameters<typeof convolution>): Promise<void> {
    await startEngine(engine, { say: () => {} });
    const f = convolution(...args);
    const actual = valuesOf(f);
    const expected = await onCpu(f);
    ["y", "dx", "dw"].forEach((name, i) =>
      assertClose(actual[i] ?? [], expected[i] ?? [], 2e-5, `${name} of ${JSON.stringify(args)}`)
    );
  }

  /** The convolutions of ResNet18, the heads and STSTNet, on small maps. */
  const ofTheNetworks: [string, ...Parameters<typeof convolution>][] = [
    ["ResNet18's stem", [2, 8, 8, 3], [7, 7, 3, 4], [2, 2], [[0, 0], [3, 3], [3, 3], [0, 0]]],
    ["ResNet18's 3x3", [2, 6, 6, 4], [3, 3, 4, 8], [1, 1], [[0, 0], [1, 1], [1, 1], [0, 0]]],
    ["ResNet18's 3x3, stride 2", [2, 7, 8, 4], [3, 3, 4, 8], [2, 2], [[0, 0], [1, 1], [1, 1], [0, 0]]],
    ["ResNet18's 3x3, stride 2, on one pixel", [2, 1, 1, 4], [3, 3, 4, 8], [2, 2], 1],
    ["ResNet18's shortcut", [2, 7, 8, 4], [1, 1, 4, 8], [2, 2], "valid"],
    ["ResNet18's shortcut, on even sides", [2, 8, 6, 4], [1, 1, 4, 8], [2, 2], "valid"],
    ["a head on a map of 2x2", [3, 2, 2, 8], [3, 3, 8, 4], [1, 1], 1],
    ["STSTNet's, padding 2", [2, 7, 7, 3], [3, 3, 3, 5], [1, 1], [[0, 0], [2, 2], [2, 2], [0, 0]]],
  ];
  for (const [name, ...args] of ofTheNetworks) {
    Deno.test(`${engine} convolution agrees with cpu: ${name}`, () => agree(...args));
  }

  Deno.test(`${engine} convolution agrees with cpu: any size, stride and padding`, async () => {
    const small = (max: number) => fc.integer({ min: 1, max });
    const pad: fc.Arbitrary<Pad> = fc.oneof(
      fc.constantFrom<Pad>("valid", "same", 0, 1, 2),
      fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)).map((
        [t, b, l, r],
      ): Pad => [[0, 0], [t, b], [l, r], [0, 0]]),
    );
    const cases = fc.record({
      n: small(3),
      h: small(8),
      w: small(8),
      c: small(6),
      d: small(9),
      k: fc.oneof(fc.constantFrom(1, 3), small(4)),
      oblong: fc.boolean(),
      s: fc.tuple(small(3), small(3)),
      pad,
    }).filter(({ h, w, k, pad }) => Math.min(h, w) >= k || pad === "same");
    await fc.assert(
      fc.asyncProperty(cases, async ({ n, h, w, c, d, k, oblong, s, pad }) => {
        // tfjs works out the width of a numeric padding from the filter's height and the first stride
        const square = typeof pad === "number";
        await agree([n, h, w, c], [k, oblong && !square ? 1 : k, c, d], square ? [s[0], s[0]] : s, pad);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  Deno.test(`${engine} fused convolution agrees with cpu: bias and activation`, async () => {
    await startEngine(engine, { say: () => {} });
    for (const channels of [3, 8, 20]) {
      for (const activation of ["linear", "relu", "relu6"] as const) {
        for (const withBias of [true, false]) {
          const f = () => {
            const random = seededRandom(channels);
            const draw = (...shape: number[]) =>
              tf.tensor(
                Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()),
                shape,
              );
            const [x, filter] = [draw(2, 5, 6, 3) as tf.Tensor4D, draw(3, 3, 3, channels) as tf.Tensor4D];
            const bias = draw(channels);
            return [
              tf.fused.conv2d({
                x,
                filter,
                strides: 2,
                pad: "same",
                activation,
                ...(withBias ? { bias } : {}),
              }),
            ];
          };
          const actual = valuesOf(f);
          assertClose(
            actual[0] ?? [],
            (await onCpu(f))[0] ?? [],
            2e-5,
            `${channels} ${activation} ${withBias}`,
          );
        }
      }
    }
  });

  Deno.test(`${engine} dilated convolution agrees with cpu`, async () => {
    await startEngine(engine, { say: () => {} });
    const f = () => {
      const random = seededRandom("dilated");
      const draw = (...shape: number[]) =>
        tf.tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()), shape);
      const [x, filter] = [draw(2, 8, 7, 3) as tf.Tensor4D, draw(3, 2, 3, 5) as tf.Tensor4D];
      return [tf.conv2d(x, filter, 1, "same", "NHWC", 2), tf.conv2d(x, filter, 1, "valid", "NHWC", [1, 3])];
    };
    const actual = valuesOf(f);
    const expected = await onCpu(f);
    expected.forEach((values, i) => assertClose(actual[i] ?? [], values, 2e-5));
  });
}
