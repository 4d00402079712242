// What every model promises: parameters as described, seeds, no leaks, refusals.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { gradients, seededRandom } from "../../engine/mod.ts";
import {
  domainDiscriminator,
  relationClassifier,
  resnet18,
  resnet18Classifier,
  ststnet,
  twoStream,
} from "../../models/mod.ts";
import type { Model } from "../../types.ts";
import { useEngine } from "../_engine.ts";
import { assertClose, trainingMode } from "./_golden.ts";

await useEngine();

const image = () => tf.ones<tf.Rank.R4>([2, 16, 16, 3]);
const models: { name: string; model: Model<never, unknown>; input: () => unknown }[] = [
  { name: "resnet18", model: resnet18({ width: 2 }), input: () => tf.ones([2, 32, 32, 3]) },
  {
    name: "resnet18Classifier",
    model: resnet18Classifier({ width: 2, stem: "small", classes: 3 }),
    input: image,
  },
  {
    name: "twoStream",
    model: twoStream({ classes: 3, width: 2, stem: "small", videoFeature: "intervals" }),
    input: () => ({ apex: image(), frames: tf.ones([2, 4, 16, 16, 3]) }),
  },
  {
    name: "domainDiscriminator",
    model: domainDiscriminator({ channels: 8 }),
    input: () => tf.ones([2, 3, 3, 8]),
  },
  {
    name: "relationClassifier",
    model: relationClassifier({ channels: 8 }),
    input: () => tf.ones([2, 3, 3, 8]),
  },
  { name: "ststnet", model: ststnet(), input: () => tf.ones([2, 28, 28, 3]) },
];

for (const { name, model, input } of models) {
  Deno.test(`${name} draws the parameters it describes, the same from the same seed`, () => {
    const [first, again, other] = [model.init(1), model.init(1), model.init(2)];
    assertEquals(Object.keys(first), model.parameters.map((p) => p.name));
    for (const { name, shape } of model.parameters) {
      assertEquals(first[name]?.shape, [...shape]);
      assertEquals(first[name]?.dataSync(), again[name]?.dataSync());
      const same = String(first[name]?.dataSync()) === String(other[name]?.dataSync());
      assertEquals(same, /(bn\d|downsample\.1)\./.test(name), name); // batch norm starts at 0 and 1, all else is drawn
    }
    tf.dispose([first, again, other]);
  });

  Deno.test(`${name} makes no tensors but its running statistics`, () => {
    const params = model.init(1);
    const statistics = model.parameters.filter((p) => !p.trainable).length;
    const before = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) {
      const mode = { updates: {}, random: seededRandom(i).next };
      tf.tidy(() => void model.apply(params, input() as never, mode));
      assertEquals(tf.memory().numTensors, before + statistics);
      tf.dispose(mode.updates);
      tf.tidy(() => void model.apply(params, input() as never, "infer"));
      assertEquals(tf.memory().numTensors, before);
    }
    tf.dispose(params);
  });
}

Deno.test("kernels are drawn with the deviations of He and of PyTorch's defaults", () => {
  const params = { ...resnet18({ width: 16 }).init(3), ...ststnet().init(3) };
  const kernel = (params["layer3.0.conv2.weight"] as tf.Tensor).dataSync<"float32">(); // 3, 3, 64, 64
  const deviation = Math.sqrt(kernel.reduce((sum, x) => sum + x * x, 0) / kernel.length);
  assertAlmostEquals(deviation / Math.sqrt(2 / (9 * 64)), 1, 0.02);
  const weight = (params["fc.weight"] as tf.Tensor).dataSync<"float32">(); // 400, 3: uniform within 1 / 20
  assert(weight.every((x) => Math.abs(x) <= 0.05));
  assertAlmostEquals(Math.sqrt(weight.reduce((sum, x) => sum + x * x, 0) / 1200), 0.05 / Math.sqrt(3), 0.001);
  tf.dispose(params);
});

Deno.test("the two streams of a network start from different weights", () => {
  const params = twoStream({ classes: 2, width: 1 }).init(1);
  const [a, b] = ["spatial", "temporal"].map((s) => String(params[`${s}.conv1.weight`]?.dataSync()));
  assert(a !== b);
  tf.dispose(params);
});

Deno.test("an untouched inference equals one that was computed with gradients being recorded", () => {
  tf.tidy(() => {
    const model = resnet18Classifier({ width: 2, stem: "small", classes: 3 });
    const params = model.init(1);
    const x = tf.tensor4d(Array.from({ length: 2 * 8 * 8 * 3 }, (_, i) => Math.cos(i)), [2, 8, 8, 3]);
    const plain = model.apply(params, x, "infer");
    const { value, grads } = gradients(
      () => {
        const logits = model.apply(params, x, "infer");
        return { loss: logits.sum() as tf.Scalar, logits };
      },
      params,
      ["conv1.weight", "layer4.1.bn2.weight"],
    );
    assertClose(value.logits, plain, 1e-6, "logits");
    assert(Object.values(grads).every((g) => (g.abs().sum().dataSync()[0] as number) > 0));
    tf.dispose([value, grads]);
  });
});

Deno.test("ststnet's dropout keeps half of the features at twice their size", () => {
  tf.tidy(() => {
    const params = ststnet().init(1);
    const x = tf.tensor4d(Array.from({ length: 28 * 28 * 3 }, (_, i) => (i * 7919) % 256), [1, 28, 28, 3]);
    const logits = (model: ReturnType<typeof ststnet>, random: () => number) => {
      const mode = { updates: {}, random };
      const result = model.apply(params, x, mode);
      tf.dispose(mode.updates);
      return result;
    };
    const all = logits(ststnet({ dropout: 0 }), () => 0);
    const kept = logits(ststnet({ dropout: 0.5 }), () => 0.5); // a draw of the rate itself keeps
    const bias = params["fc.bias"] as tf.Tensor;
    assertClose(kept.sub(bias), all.sub(bias).mul(2), 1e-5, "all kept");
    assertClose(logits(ststnet(), () => 0.49), bias.reshape([1, 3]), 1e-6, "all dropped");
  });
});

Deno.test("models refuse impossible sizes", () => {
  const refuses = (run: () => unknown, message: string) => assertThrows(run, RangeError, message);
  refuses(
    () => resnet18({ width: 0 }),
    "Cannot describe resnet18: width must be a positive integer, current value is 0",
  );
  refuses(
    () => resnet18({ stem: "big" as "small" }),
    'stem must be "imagenet" or "small", current value is "big"',
  );
  refuses(
    () => domainDiscriminator({ channels: 12 }),
    "Cannot describe domainDiscriminator: channels must be a multiple of 8, current value is 12",
  );
  refuses(
    () => twoStream({ classes: 3, intervalKind: "sequence" }),
    "sequenceLength must be a positive integer",
  );
  refuses(
    () => ststnet({ dropout: 1 }),
    "Cannot describe ststnet: dropout must be in [0, 1), current value is 1",
  );
  const params = ststnet().init(1);
  refuses(
    () => tf.tidy(() => ststnet().apply(params, tf.zeros([1, 32, 32, 3]), "infer")),
    "Cannot apply ststnet: images must be 28x28x3, current input is [1,32,32,3]",
  );
  assertThrows(
    () => tf.tidy(() => ststnet().apply({}, tf.zeros([1, 28, 28, 3]), trainingMode())),
    TypeError,
    "parameter conv1.weight is missing",
  );
  tf.dispose(params);
});
