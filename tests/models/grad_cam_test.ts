// Grad-CAM against a naive one: the gradient by finite differences in plain numbers, the sums by loops.
import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { gradCam, ststnet, ststnetHead, ststnetMaps } from "../../models/mod.ts";
import { seededRandom } from "../../engine/mod.ts";
import { assertClose, useEngine } from "../_engine.ts";

await useEngine();

const [h, w, C, L] = [3, 2, 4, 3];
const random = seededRandom("grad-cam");
const numbers = (count: number) => Float32Array.from({ length: count }, () => random.next() * 2 - 1);
const weights = numbers(C * L);

/** The logit of one map in plain numbers: tanh of the mean of the squares of each channel, then a matrix. */
function logitOf(map: ArrayLike<number>, chosen: number): number {
  let logit = 0;
  for (let k = 0; k < C; k++) {
    let sum = 0;
    for (let p = 0; p < h * w; p++) sum += (map[p * C + k] as number) ** 2 * (p + 1);
    logit += Math.tanh(sum / (h * w)) * (weights[k * L + chosen] as number);
  }
  return logit;
}

const places = tf.tensor1d([1, 2, 3, 4, 5, 6]).reshape([1, h, w, 1]);
/** The same in tensors, for (n, h, w, C). */
function logits(maps: tf.Tensor4D): tf.Tensor2D {
  const pooled = tf.mean(tf.mul(tf.square(maps), places), [1, 2]) as tf.Tensor2D;
  return tf.matMul(tf.tanh(pooled) as tf.Tensor2D, tf.tensor2d(weights, [C, L]));
}

function naive(map: Float32Array, value: (changed: Float64Array) => number): number[] {
  const step = 1e-5, Z = h * w;
  const alpha = new Array<number>(C).fill(0);
  for (let i = 0; i < map.length; i++) {
    const up = Float64Array.from(map), down = Float64Array.from(map);
    up[i]! += step;
    down[i]! -= step;
    alpha[i % C]! += (value(up) - value(down)) / (2 * step) / Z;
  }
  return Array.from({ length: Z }, (_, p) => {
    let sum = 0;
    for (let k = 0; k < C; k++) sum += alpha[k]! * map[p * C + k]!;
    return Math.max(0, sum);
  });
}

Deno.test("gradCam() agrees with finite differences and loops, clip by clip", () => {
  const data = numbers(2 * h * w * C), classes = [2, 0];
  const expected = classes.flatMap((chosen, n) =>
    naive(data.slice(n * h * w * C, (n + 1) * h * w * C), (map) => logitOf(map, chosen))
  );
  const maps = tf.tensor4d(data, [2, h, w, C]);
  const before = tf.memory().numTensors;
  const cam = gradCam(maps, logits, classes);
  assertEquals(cam.shape, [2, h, w]);
  assertClose(Array.from(cam.dataSync()), expected, 1e-4);
  if (!expected.some((x) => x > 0) || !expected.some((x) => x === 0)) throw new Error("a case without both");
  assertEquals(tf.memory().numTensors, before + 1);
});

Deno.test("gradCam() weighs every frame by its own gradient", () => {
  const T = 2, share = [0.25, 0.75], data = numbers(T * h * w * C);
  const frame = (t: number) => data.slice(t * h * w * C, (t + 1) * h * w * C);
  const expected = share.flatMap((part, t) => naive(frame(t), (map) => part * logitOf(map, 1)));
  const maps = tf.tensor5d(data, [1, T, h, w, C]);
  const cam = gradCam(maps, (all) => {
    const each = logits(all.reshape([T, h, w, C])); // (T, L)
    return tf.sum(tf.mul(each, tf.tensor2d(share, [T, 1])), 0, true) as tf.Tensor2D;
  }, [1]);
  assertEquals(cam.shape, [1, T, h, w]);
  assertClose(Array.from(cam.dataSync()), expected, 1e-4);
});

Deno.test("gradCam() of STSTNet: the alpha of its linear head are the means of its weights", () => {
  const params = ststnet().init(3);
  const image = tf.tensor4d(numbers(28 * 28 * 3).map((x) => 128 + 100 * x), [1, 28, 28, 3]);
  const maps = ststnetMaps(params, image);
  const cam = gradCam(maps, (a) => ststnetHead(params, a).logits, [1]);
  const fc = params["fc.weight"]!.dataSync(), A = maps.dataSync(); // (400, 3), channel-first rows; (10, 10, 16)
  const alpha = Array.from({ length: 16 }, (_, k) => {
    let sum = 0;
    for (let p = 0; p < 25; p++) sum += fc[(k * 25 + p) * 3 + 1]! / 4; // a place of the 10 x 10 is a quarter of one of the 5 x 5
    return 4 * sum / 100;
  });
  const expected = Array.from({ length: 100 }, (_, p) => {
    let sum = 0;
    for (let k = 0; k < 16; k++) sum += alpha[k]! * A[p * 16 + k]!;
    return Math.max(0, sum);
  });
  assertClose(Array.from(cam.dataSync()), expected, 1e-4);
});

Deno.test("gradCam() refuses a wrong number of classes", () => {
  assertThrows(() => gradCam(tf.zeros([2, 1, 1, 1]) as tf.Tensor4D, logits, [0]), RangeError, "found 1");
});
