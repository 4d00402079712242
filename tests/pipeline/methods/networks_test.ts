// The comparison networks keep the contract of methods, and read of a clip what they say.
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { capsuleNet, saveParams } from "../../../models/mod.ts";
import { interleave, resizePlane, stretch } from "../../../pipeline/methods/networks/_planes.ts";
import { networkMethods } from "../../../pipeline/methods/networks/mod.ts";
import { type FlowInput, UserError } from "../../../types.ts";
import { useEngine } from "../../_engine.ts";
import { methodContract } from "../../models/_method_contract.ts";

for (const definition of Object.values(networkMethods)) {
  methodContract(definition, { shape: [4, 40, 40], copies: 40000 });
}

Deno.test("a plane is resized by the area that each pixel covers", () => {
  const plane = Float32Array.from({ length: 4 * 6 }, (_, i) => i);
  assertEquals([...resizePlane(plane, [4, 6], 2)], [
    (0 + 1 + 2 + 6 + 7 + 8) / 6,
    (3 + 4 + 5 + 9 + 10 + 11) / 6,
    (12 + 13 + 14 + 18 + 19 + 20) / 6,
    (15 + 16 + 17 + 21 + 22 + 23) / 6,
  ]);
  // 3 -> 2: the middle pixel goes half to each side.
  assertEquals([...resizePlane([0, 3, 6, 0, 3, 6, 0, 3, 6], [3, 3], 2)].slice(0, 2), [1, 5]);
  assertEquals([...resizePlane([1, 2, 3, 4], [2, 2], 4)].slice(0, 4), [1, 1, 2, 2]);
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b) / values.length;
  const odd = Float32Array.from({ length: 37 * 23 }, (_, i) => Math.sin(i));
  assertAlmostEquals(mean(resizePlane(odd, [37, 23], 28)), mean(odd), 1e-6);
});

Deno.test("planes are interleaved and stretched", () => {
  assertEquals([...interleave([Float32Array.of(1, 2), Float32Array.of(3, 4)])], [1, 3, 2, 4]);
  assertEquals([...stretch(Float32Array.of(-1, 0, 3))], [0, 63.75, 255]);
  assertEquals([...stretch(Float32Array.of(5, 5))], [0, 0]);
});

const flow = (unit: FlowInput["unit"], maps = 1): FlowInput => ({
  kind: "flow",
  u: Float32Array.from({ length: maps * 28 * 28 }, (_, i) => i % 7),
  v: new Float32Array(maps * 28 * 28).fill(2),
  strain: new Float32Array(maps * 28 * 28).fill(3),
  shape: [maps, 28, 28],
  unit,
});

Deno.test("off-apexnet and dual-inception read u and v, stored images by 255, pixels as they are", () => {
  for (const name of ["off-apexnet", "dual-inception"] as const) {
    const definition = networkMethods[name];
    const method = definition.create(definition.settings.parse({}) as never, 3);
    assertEquals([...method.describe(flow("stored")).slice(0, 4)], [0, 2, 1, 2]);
    assertEquals([...method.describe(flow("pixels")).slice(0, 4)], [0, 2 * 255, 255, 2 * 255]);
    assertThrows(() => method.describe(flow("pixels", 3)), RangeError, "one map of flow");
  }
});

Deno.test("ststnet reads strain, v and u: stored images as they are, pixels stretched to 0..255", () => {
  const method = networkMethods.ststnet.create(networkMethods.ststnet.settings.parse({}), 3);
  assertEquals([...method.describe(flow("stored")).slice(0, 9)], [3, 2, 0, 3, 2, 1, 3, 2, 2]);
  // u is 0..6, v and the strain are the same everywhere.
  assertEquals([...method.describe(flow("pixels")).slice(0, 9)], [0, 0, 0, 0, 0, 43, 0, 0, 85]);
});

Deno.test("dssn refuses flow that has lost its scale", () => {
  const definition = networkMethods.dssn;
  const method = definition.create(definition.settings.parse(definition.small), 3);
  assertThrows(() => method.describe(flow("stored")), RangeError, "lost their scale");
});

Deno.test("capsulenet begins from pretrained weights where they are named, and says what is wrong with them", async () => {
  await useEngine();
  const folder = await Deno.makeTempDir();
  try {
    const definition = networkMethods.capsulenet;
    const source = capsuleNet({ size: 136, width: 2 }).init(99);
    const weights = Object.fromEntries(
      Object.entries(source).filter(([name]) => name.startsWith("conv.")).map((
        [name, t],
      ) => [name.slice("conv.".length), t]),
    );
    const file = `${folder}/resnet18.safetensors`;
    await Deno.writeFile(file, await saveParams({ ...weights, "fc.bias": tf.zeros([1000]) }));
    const settings = { ...definition.small, steps: 1, learningRate: 1e-9 };
    const samples = [0, 1].map((classIndex) => ({
      database: "smic",
      subject: `s${classIndex}`,
      clip: "c",
      classIndex,
      features: new Uint8Array(136 * 136 * 3).fill(50 + 100 * classIndex),
    }));
    const method = definition.create(definition.settings.parse({ ...settings, pretrained: file }), 3);
    const trained = await method.train(samples, 1);
    const [ours, theirs] = [trained["conv.layer1.0.conv1.weight"], source["conv.layer1.0.conv1.weight"]];
    const farthest = tf.tidy(() =>
      tf.max(tf.abs(tf.sub(ours as tf.Tensor, theirs as tf.Tensor))).dataSync()[0]
    );
    assert((farthest as number) < 1e-6, `${farthest}`);
    method.dispose(trained);
    const missing = definition.create(
      definition.settings.parse({ ...settings, pretrained: `${folder}/none.safetensors` }),
      3,
    );
    await assertRejects(() => missing.train(samples, 1), UserError, "there is no such file");
    await Deno.writeFile(file, await saveParams({ "conv1.weight": tf.zeros([7, 7, 3, 2]) }));
    await assertRejects(() => method.train(samples, 1), UserError, "layer1.0.conv1.weight");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a network whose last step left all bounds predicts nothing", async () => {
  await useEngine();
  const definition = networkMethods["off-apexnet"];
  const settings = { ...definition.small, steps: 1, learningRate: 1e30 };
  const method = definition.create(definition.settings.parse(settings), 3);
  const features = method.describe(flow("stored"));
  const sample = { database: "smic", subject: "s1", clip: "c", classIndex: 1, features };
  const trained = await method.train([sample], 1);
  assertThrows(() => method.predict(trained, features), UserError, "lower the learning rate and train again");
  method.dispose(trained);
});

Deno.test("every setting of a network's training has its effect", async () => {
  await useEngine();
  const definition = networkMethods["off-apexnet"];
  const train = async (changes: Record<string, unknown>) => {
    const settings = definition.settings.parse({ ...definition.small, steps: 4, batch: 2, ...changes });
    const method = definition.create(settings, 3);
    const samples = [0, 0, 0, 1].map((classIndex, i) => {
      const { u, ...rest } = flow("stored");
      const features = method.describe({ ...rest, u: u.map((value) => 20 * i + value) });
      return { database: "smic", subject: `s${i}`, clip: "c", classIndex, features };
    });
    const trained = await method.train(samples, 1);
    const bytes = await method.save(trained);
    method.dispose(trained);
    return bytes;
  };
  const plain = await train({});
  assertEquals(await train({}), plain);
  const changes = {
    learningRate: 1e-4,
    decay: "cosine",
    weightDecay: 0.1,
    sampling: "balanced",
    classWeights: "balanced",
    dropout: 0.5,
  };
  for (const [key, value] of Object.entries(changes)) {
    assertNotEquals(await train({ [key]: value }), plain, key);
  }
});

Deno.test("dssn reads the magnitudes of flow and strain, each stretched to 0..255", () => {
  const definition = networkMethods.dssn, size = 67;
  const method = definition.create(definition.settings.parse({ ...definition.small, size }), 3);
  const wave = (k: number) => Float32Array.from({ length: size * size }, (_, i) => 2 * Math.sin(k * i + k));
  const [u, v] = [wave(0.3), wave(1.7)], strain = wave(0.9).map(Math.abs);
  const found = method.describe({ kind: "flow", u, v, strain, shape: [1, size, size], unit: "pixels" });
  [Array.from(u, (x, i) => Math.sqrt(x * x + v[i]! * v[i]!)), [...strain]].forEach((plane, c) => {
    const [least, most] = [Math.min(...plane), Math.max(...plane)];
    const near = (value: number, i: number) =>
      Math.abs(found[2 * i + c]! - 255 * (value - least) / (most - least)) < 0.51;
    assert(plane.every(near));
  });
});

Deno.test("capsulenet sees frames in torchvision's units, and lengths as shares are its probabilities", async () => {
  await useEngine();
  const definition = networkMethods.capsulenet, size = 136, width = 2;
  const settings = definition.settings.parse({ ...definition.small, steps: 1, learningRate: 1e-30 });
  const method = definition.create(settings, 3);
  const features = Uint8Array.from({ length: size * size * 3 }, (_, i) => (i * 7 + (i >> 5)) & 255);
  const trained = await method.train(
    [{ database: "smic", subject: "s", clip: "c", classIndex: 0, features }],
    1,
  );
  const [mean, deviation] = [[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]];
  const units = Float32Array.from(features, (value, i) => (value / 255 - mean[i % 3]!) / deviation[i % 3]!);
  const lengths = tf.tidy(
    () => [
      ...capsuleNet({ size, width }).apply(trained, tf.tensor4d(units, [1, size, size, 3]), "infer")
        .dataSync(),
    ],
  );
  const sum = lengths.reduce((a, b) => a + b);
  const { probabilities } = method.predict(trained, features);
  lengths.forEach((length, c) => assertAlmostEquals(probabilities![c]!, length / sum, 1e-5));
  method.dispose(trained);
});
