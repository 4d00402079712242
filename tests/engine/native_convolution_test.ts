// The ways of native convolution gradients that only wide filters take, on any engine: they are made of tfjs's operations.
import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { seededRandom } from "../../engine/mod.ts";
import {
  filterGradientByProducts,
  inputGradientByConvolution,
  inputGradientByProducts,
  inputGradientWay,
} from "../../engine/native/_convolution_by_products.ts";
import { convolutionWindows } from "../../engine/native/_windows.ts";
import { assertClose, onCpu, useEngine, valuesOf } from "../_engine.ts";

for (
  const [n, h, w, c, k, stride, o, pad] of [
    [2, 2, 2, 3, 3, 1, 4, 1],
    [2, 1, 1, 3, 3, 1, 2, 1],
    [1, 4, 5, 2, 3, 2, 3, 1],
    [2, 7, 6, 2, 3, 2, 3, 0],
    [1, 8, 8, 2, 3, 3, 3, 1],
    [1, 6, 6, 2, 5, 2, 3, "same"],
    [2, 5, 4, 3, 3, 1, 2, "valid"],
  ] as const
) {
  const what = `${n}x${h}x${w}x${c}, filter ${k}x${k} to ${o}, stride ${stride}, padding ${pad}`;
  Deno.test(`gradients of a convolution by products and by a convolution are the oracle's: ${what}`, async () => {
    await useEngine();
    const random = seededRandom(what);
    const draw = (shape: number[]) =>
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal());
    const shape = [n, h, w, c] as const, filterShape = [k, k, c, o] as const;
    const borders = [[0, 0], [pad, pad], [pad, pad], [0, 0]] as unknown as number;
    const padding = typeof pad === "number" ? borders : pad;
    const windows = convolutionWindows(shape, filterShape, { strides: stride, pad: padding });
    const { outHeight, outWidth } = windows as unknown as { outHeight: number; outWidth: number };
    const outShape: [number, number, number, number] = [n, outHeight, outWidth, o];
    const [x, filter, dy] = [draw([...shape]), draw([...filterShape]), draw(outShape)];
    const tensors = (): [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D] => [
      tf.tensor4d(x, [...shape]),
      tf.tensor4d(filter, [...filterShape]),
      tf.tensor4d(dy, outShape),
    ];
    const [dx, dFilter] = await onCpu(() => {
      const [x, filter, dy] = tensors();
      const convolve = (x: tf.Tensor, filter: tf.Tensor) =>
        tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, padding);
      return tf.grads(convolve)([x, filter], dy);
    });
    const actual = valuesOf(() => {
      const [x, filter, dy] = tensors();
      return [
        inputGradientByProducts(dy, filter, shape, windows),
        filterGradientByProducts(x, dy, filterShape, windows),
        ...(stride === 1 ? [inputGradientByConvolution(dy, filter, shape, windows)] : []),
      ];
    });
    assertClose(actual[0] ?? [], dx ?? [], 1e-5, "by the maps, products");
    assertClose(actual[1] ?? [], dFilter ?? [], 1e-5, "by the filter, products");
    if (stride === 1) assertClose(actual[2] ?? [], dx ?? [], 1e-5, "by the maps, convolution");
  });
}

Deno.test("wide filters take another way than oneDNN's own", () => {
  const way = (h: number, c: number, k: number, o: number, strides = 1) =>
    inputGradientWay(
      [1, h, h, c],
      [k, k, c, o],
      convolutionWindows([1, h, h, c], [k, k, c, o], { strides, pad: "same" }),
    );
  assertEquals([way(2, 512, 3, 512), way(4, 256, 3, 512, 2)], ["products", "products"]);
  assertEquals([way(4, 256, 3, 256), way(16, 64, 3, 64), way(4, 256, 1, 512)], ["convolution", "own", "own"]);
});
