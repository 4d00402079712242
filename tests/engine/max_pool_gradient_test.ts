import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals } from "@std/assert";
import { nativeIsWhole } from "../../engine/native.ts";
import { findNative, seededRandom, startEngine } from "../../engine/mod.ts";
import type { NativeBackend } from "../../engine/native/_load_backend.ts";
import { windowAttributes, type Windows } from "../../engine/native/_windows.ts";

/** Height, width, channels; window, stride, padding at the top, left, bottom, right. */
const cases = [
  { map: [32, 32, 16], window: [3, 2, 1, 1, 1, 1] }, // ResNet18's
  { map: [9, 7, 5], window: [3, 2, 1, 0, 0, 1] },
  { map: [8, 8, 33], window: [2, 2, 0, 0, 0, 0] },
  { map: [8, 9, 17], window: [3, 1, 1, 1, 1, 1] },
  { map: [7, 7, 48], window: [3, 3, 1, 1, 1, 1] },
] as const;

Deno.test({
  name: "our gradient of max-pooling has the bits of TensorFlow's, with ties, NaN and signed zeros",
  ignore: !findNative().installed,
  async fn() {
    const { reason } = await startEngine("native", { say: () => {} });
    assert(nativeIsWhole(), reason);
    const backend = tf.backend() as NativeBackend, { TF_ATTR_INT } = backend.binding;
    const random = seededRandom("max-pooling");
    const odd = [NaN, -0, 0, Infinity, -Infinity, 1, 1];
    const value = () => random.integer(3) > 0 ? random.normal() : odd[random.integer(odd.length)] as number;
    for (const { map: [h, w, channels], window: [size, stride, top, left, bottom, right] } of cases) {
      tf.tidy(() => {
        const draw = (...shape: number[]) =>
          tf.tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, value), shape);
        const x = draw(2, h, w, channels);
        const padInfo = { type: "EXPLICIT", top, left, bottom, right };
        const windows: Windows = {
          ...{ strideHeight: stride, strideWidth: stride, dilationHeight: 1, dilationWidth: 1, padInfo },
        };
        const attributes = [
          ...windowAttributes(backend, windows),
          { name: "ksize", type: TF_ATTR_INT, value: [1, size, size, 1] },
        ];
        const y = backend.executeSingleOutput("MaxPool", attributes, [x]);
        const dy = draw(...y.shape);
        const theirs = backend.executeSingleOutput("MaxPoolGrad", attributes, [x, y, dy]);
        const own = { name: "window", type: TF_ATTR_INT, value: [size, size, stride, stride, top, left] };
        const ours = backend.executeSingleOutput("M2MMaxPoolGrad", [own], [x, dy]);
        assertEquals(bits(ours), bits(theirs), `${[h, w, channels]} by ${size}`);
      });
    }
  },
});

/** NaN has many forms that all count as the same. */
function bits(tensor: tf.Tensor): Uint32Array {
  const values = (tensor.dataSync() as Float32Array).map((x) => Number.isNaN(x) ? NaN : x);
  return new Uint32Array(values.slice().buffer);
}
