import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { gradients, seededRandom } from "../../engine/mod.ts";
import { fuse, singleStream, twoStream } from "../../models/mod.ts";
import { useEngine } from "../_engine.ts";
import { assertClose, trainingMode } from "./_golden.ts";

await useEngine();

const random = seededRandom(6);
function draw<T extends tf.Tensor>(...shape: number[]): T {
  return tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()),
    shape,
  ) as T;
}
const options = { classes: 3, width: 2, stem: "small", videoFeature: "intervals", intervals: 2 } as const;
const input = { apex: draw<tf.Tensor4D>(2, 8, 8, 3), frames: draw<tf.Tensor5D>(2, 3, 8, 8, 3) };

Deno.test("fuse averages v(s) over s and puts the streams side by side", () => {
  tf.tidy(() => {
    const apexMap = tf.tensor4d([1, 10, 3, 20], [1, 2, 1, 2]);
    const frameMaps = tf.tensor5d([1, 0, 2, 0, 6, 0], [1, 3, 1, 1, 2]);
    const { z, intervalMaps } = fuse({ apexMap, frameMaps }, { videoFeature: "intervals", intervals: 2 }, [
      0,
      1,
    ]);
    // v(1) = mean of 1, 2, 6 = 3; v(2) from frame 1: 2
    assertClose(z, tf.tensor2d([[2, 15, 2.5, 0]]), 1e-6, "z");
    assertEquals(intervalMaps.map((map) => [...map.dataSync()]), [[3, 0], [2, 0]]);
    assertClose(fuse({ frameMaps }).z, tf.tensor2d([[3, 0]]), 1e-6, "the temporal stream alone, mean");
    assertEquals(fuse({ apexMap }).intervalMaps, []);
    assertEquals(fuse({ apexMap, frameMaps }, { intervalMaps: false, intervals: 9 }).intervalMaps, []);
  });
  assertThrows(() => fuse({}), RangeError, "Cannot fuse features: there are no maps of either stream");
});

Deno.test("singleStream is its half of twoStream", () => {
  tf.tidy(() => {
    const params = twoStream(options).init(1);
    const both = twoStream(options).apply(params, input, "infer");
    const classifier = params["classifier.weight"] as tf.Tensor2D;
    (["spatial", "temporal"] as const).forEach((stream, i) => {
      const half = {
        ...params,
        "classifier.weight": classifier.slice([16 * i, 0], [16, 3]),
        "classifier.bias": tf.zeros([3]),
      };
      const alone = singleStream({ ...options, stream }).apply(half, input, "infer");
      assertClose(alone.z, both.z.slice([0, 16 * i], [2, 16]), 1e-6, stream);
      assertClose(alone.logits, alone.z.matMul(half["classifier.weight"]), 1e-5, `logits, ${stream}`);
      assertEquals(alone.intervalMaps.length, stream === "spatial" ? 0 : 2);
    });
  });
});

Deno.test("gradients of z and v(s) reach every parameter of both streams", () => {
  const model = twoStream(options);
  const [params, mode] = [model.init(1), trainingMode()];
  const names = model.parameters.filter((p) => p.trainable).map((p) => p.name);
  const weights = draw(2, 3);
  const { value, grads } = gradients(
    () => {
      const { logits, intervalMaps } = model.apply(params, input, mode);
      return { loss: logits.mul(weights).sum().add(intervalMaps[1]?.square().sum() ?? 0) as tf.Scalar };
    },
    params,
    names,
  );
  for (const name of names) {
    const size = grads[name]?.abs().sum().dataSync()[0] as number;
    assert(Number.isFinite(size) && size > 0, `${name} has a gradient of ${size}`);
  }
  assertEquals(Object.keys(mode.updates).length, 2 * 40);
  tf.dispose([params, mode.updates, weights, value, grads]);
});
