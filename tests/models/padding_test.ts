import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { seededRandom } from "../../engine/mod.ts";
import { conv } from "../../models/_conv.ts";
import { maxPool } from "../../models/_max_pool.ts";
import { useEngine } from "../_engine.ts";
import { assertClose } from "./_golden.ts";

await useEngine();

const random = seededRandom(8);
function draw<T extends tf.Tensor>(...shape: number[]): T {
  return tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()),
    shape,
  ) as T;
}

Deno.test("convolution padded by the engine, by hand and as a naive loop are one", () => {
  for (const [size, stride, padding] of [[3, 1, 1], [3, 2, 1], [7, 2, 3], [3, 1, 2], [1, 2, 0]] as const) {
    tf.tidy(() => {
      const [x, kernel] = [draw<tf.Tensor4D>(2, 7, 6, 3), draw<tf.Tensor4D>(size, size, 3, 4)];
      const expected = naive(x, kernel, stride, padding);
      for (const byHand of [false, true]) {
        const what = `${size}x${size}, stride ${stride}, padding ${padding}, by hand ${byHand}`;
        assertClose(conv(x, kernel, { stride, padding }, byHand), expected, 1e-5, what);
      }
      const weights = draw(...expected.shape);
      const gradients = [false, true].map((byHand) =>
        tf.grads((x, k) =>
          conv(x as tf.Tensor4D, k as tf.Tensor4D, { stride, padding }, byHand).mul(weights).sum()
        )([x, kernel])
      ) as [tf.Tensor[], tf.Tensor[]];
      for (const i of [0, 1]) {
        assertClose(
          gradients[0][i] as tf.Tensor,
          gradients[1][i] as tf.Tensor,
          1e-5,
          `gradient ${i} of ${size}x${size}`,
        );
      }
    });
  }
});

Deno.test("padding never wins a max-pool, whoever pads", () => {
  tf.tidy(() => {
    const x = draw<tf.Tensor4D>(2, 7, 6, 3).sub<tf.Tensor4D>(10); // all negative: a zero of padding would win
    const [engine, hand] = [maxPool(x, 3, 2, 1, false), maxPool(x, 3, 2, 1, true)];
    assertEquals(engine.shape, [2, 4, 3, 3]);
    assertEquals(engine.dataSync(), hand.dataSync());
    const values = x.arraySync();
    const corner = [0, 1].flatMap((i) => [0, 1].map((j) => values[1]?.[i]?.[j]?.[2] as number));
    assertEquals(engine.arraySync()[1]?.[0]?.[0]?.[2], Math.max(...corner));
    const gradients = [false, true].map((byHand) =>
      tf.grad((x) => maxPool(x as tf.Tensor4D, 3, 2, 1, byHand).square().sum())(x)
    );
    assertClose(gradients[0] as tf.Tensor, gradients[1] as tf.Tensor, 1e-6, "gradient");
  });
});

/** The definition of a padded, strided convolution as a loop. */
function naive(x: tf.Tensor4D, kernel: tf.Tensor4D, stride: number, padding: number): tf.Tensor4D {
  const [image, k] = [x.arraySync(), kernel.arraySync()];
  const [n, h, w] = x.shape;
  const [size, , , outputs] = kernel.shape;
  const [oh, ow] = [h, w].map((length) => Math.floor((length + 2 * padding - size) / stride) + 1) as [
    number,
    number,
  ];
  const values = new Float32Array(n * oh * ow * outputs);
  let at = 0;
  for (let b = 0; b < n; b++) {
    for (let i = 0; i < oh; i++) {
      for (let j = 0; j < ow; j++) {
        for (let o = 0; o < outputs; o++, at++) {
          for (let di = 0; di < size; di++) {
            for (let dj = 0; dj < size; dj++) {
              const pixel = image[b]?.[i * stride + di - padding]?.[j * stride + dj - padding];
              pixel?.forEach((value, c) =>
                values[at] = (values[at] as number) + value * (k[di]?.[dj]?.[c]?.[o] as number)
              );
            }
          }
        }
      }
    }
  }
  return tf.tensor4d(values, [n, oh, ow, outputs]);
}
