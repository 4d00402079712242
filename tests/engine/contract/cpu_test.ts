import * as tf from "@tensorflow/tfjs";
import { seededRandom } from "../../../engine/mod.ts";
import { assertClose, onCpu } from "../../_engine.ts";

Deno.test("cpu, the oracle of the other engines, convolves as naive loops do: explicit padding, stride, gradients", async () => {
  const [n, h, w, c, k, d, stride, pad] = [2, 5, 6, 3, 3, 4, 2, 1] as const;
  const [oh, ow] = [3, 3];
  const random = seededRandom("oracle");
  const draw = (length: number) => Array.from(Float32Array.from({ length }, () => random.normal()));
  const [x, filter, dy] = [draw(n * h * w * c), draw(k * k * c * d), draw(n * oh * ow * d)];
  const zeros = (list: number[]) => list.map(() => 0);
  const [y, dx, dFilter] = [zeros(dy), zeros(x), zeros(filter)];
  for (let b = 0; b < n; b++) {
    for (let i = 0; i < oh * ow; i++) {
      for (let t = 0; t < k * k; t++) {
        const row = Math.floor(i / ow) * stride + Math.floor(t / k) - pad,
          column = (i % ow) * stride + (t % k) - pad;
        if (row < 0 || row >= h || column < 0 || column >= w) continue;
        for (let s = 0; s < c; s++) {
          for (let o = 0; o < d; o++) {
            const [atX, atF, atY] = [
              ((b * h + row) * w + column) * c + s,
              (t * c + s) * d + o,
              (b * oh * ow + i) * d + o,
            ];
            y[atY]! += x[atX]! * filter[atF]!;
            dx[atX]! += dy[atY]! * filter[atF]!;
            dFilter[atF]! += dy[atY]! * x[atX]!;
          }
        }
      }
    }
  }
  const actual = await onCpu(() => {
    const padding = [[0, 0], [pad, pad], [pad, pad], [0, 0]] as unknown as "same";
    const convolve = (x: tf.Tensor, filter: tf.Tensor) =>
      tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, padding);
    const inputs = [tf.tensor4d(x, [n, h, w, c]), tf.tensor4d(filter, [k, k, c, d])];
    const [dx, dFilter] = tf.grads(convolve)(inputs, tf.tensor4d(dy, [n, oh, ow, d]));
    return [convolve(inputs[0] as tf.Tensor, inputs[1] as tf.Tensor), dx as tf.Tensor, dFilter as tf.Tensor];
  });
  [y, dx, dFilter].forEach((expected, i) =>
    assertClose(actual[i] ?? [], expected, 1e-5, ["y", "dx", "dw"][i])
  );
});
