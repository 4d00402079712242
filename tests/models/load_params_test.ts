import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  loadParams,
  readSafetensors,
  relationClassifier,
  resnet18,
  resnet18Classifier,
  saveParams,
  twoStream,
  writeSafetensors,
} from "../../models/mod.ts";
import { UserError } from "../../types.ts";
import { useEngine } from "../_engine.ts";

await useEngine();

Deno.test("saveParams writes kernels OIHW and linear weights (out, in), loadParams turns them back", async () => {
  const values = (n: number) => Float32Array.from({ length: n }, (_, i) => i);
  const params = {
    kernel: tf.tensor4d(values(24), [1, 2, 3, 4]), // h 1, w 2, in 3, out 4
    weight: tf.tensor2d(values(6), [2, 3]), // in 2, out 3
    bias: tf.tensor1d([1, 2]),
  };
  const { tensors } = readSafetensors(await saveParams(params));
  assertEquals(tensors.get("kernel")?.shape, [4, 3, 1, 2]);
  // element (o, i, 0, w) of the file is element (0, w, i, o) in memory, number 12 w + 4 i + o
  assertEquals(
    (tensors.get("kernel")?.data as Float32Array).slice(0, 8),
    new Float32Array([0, 12, 4, 16, 8, 20, 1, 13]),
  );
  assertEquals(tensors.get("weight")?.data, new Float32Array([0, 3, 1, 4, 2, 5]));
  const model = {
    parameters: Object.entries(params).map(([name, { shape }]) => ({ name, shape, trainable: true })),
    init: () => ({}),
    apply: () => {},
  };
  const again = loadParams(model, await saveParams(params));
  for (const [name, tensor] of Object.entries(params)) {
    assertEquals(again[name]?.arraySync(), tensor.arraySync());
  }
  tf.dispose([params, again]);
});

Deno.test("loadParams names every missing, unexpected and wrongly shaped parameter at once", () => {
  const tensors = {
    "fc.weight": { shape: [3, 8], data: new Float32Array(24) }, // fc is (4, 3) in memory
    "fc.bias": { shape: [3], data: new Float32Array(3) },
    "head.bias": { shape: [1], data: new Float32Array(1) },
    "conv1.num_batches_tracked": { shape: [], data: new BigInt64Array(1) },
  };
  const model = relationClassifier({ channels: 32 });
  const message = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      assert(error instanceof UserError);
      return error.message;
    }
    return "no error";
  };
  assertEquals(
    message(() => loadParams(model, writeSafetensors(tensors), { file: "w.safetensors" })),
    "Cannot load w.safetensors: missing conv1.weight, conv1.bias, conv2.weight, conv2.bias, conv3.weight, conv3.bias; " +
      "unexpected head.bias; wrong shape: fc.weight is [3,8] instead of [3,4]; give the weights of this very model.",
  );
  assertStringIncludes(message(() => loadParams(model, tensors, { strict: false })), "fc.weight is [3,8]");
});

Deno.test("loadParams loads a part of a model when it need not be strict, and says so", () => {
  const notes: string[] = [];
  const source = { "fc.bias": { shape: [3], data: new Float32Array([1, 2, 3]) } };
  const params = loadParams(relationClassifier({ channels: 8 }), source, {
    strict: false,
    note: (text) => notes.push(text),
  });
  assertEquals(Object.keys(params), ["fc.bias"]);
  assertEquals(params["fc.bias"]?.dataSync(), new Float32Array([1, 2, 3]));
  assertEquals(notes.length, 1);
  assertStringIncludes(notes[0] ?? "", "missing conv1.weight");
  tf.dispose(params);
});

Deno.test("loadParams feeds both streams from a classifier's checkpoint and notes that fc is left aside", async () => {
  const source = resnet18Classifier({ width: 2, classes: 7 }).init(5);
  const file = await saveParams(source);
  const model = twoStream({ classes: 3, width: 2 });
  const params = model.init(1);
  for (const prefix of ["spatial.", "temporal."]) {
    const notes: string[] = [];
    const loaded = loadParams(model, file, {
      prefix,
      file: "resnet18.safetensors",
      note: (text) => notes.push(text),
    });
    assertEquals(notes, [
      "Left fc.weight, fc.bias of resnet18.safetensors aside: the model has no classifier of that name.",
    ]);
    for (const [name, tensor] of Object.entries(loaded)) {
      assertEquals(tensor.dataSync(), source[name.slice(prefix.length)]?.dataSync(), name);
      params[name]?.dispose();
      params[name] = tensor;
    }
    assertEquals(Object.keys(loaded).length, resnet18({ width: 2 }).parameters.length);
  }
  assertThrows(() => loadParams(model, file), UserError, "missing spatial.conv1.weight");
  tf.dispose([source, params]);
});

Deno.test("a torchvision checkpoint's names and shapes are the default model's", () => {
  const shapes = new Map(resnet18Classifier().parameters.map((p) => [p.name, p.shape]));
  assertEquals(shapes.size, 62 + 40); // torchvision's 62 parameters and the running statistics of 20 batch norms
  assertEquals(shapes.get("conv1.weight"), [7, 7, 3, 64]);
  assertEquals(shapes.get("layer3.0.downsample.0.weight"), [1, 1, 128, 256]);
  assertEquals(shapes.get("layer4.1.bn2.running_var"), [512]);
  assertEquals(shapes.get("fc.weight"), [512, 1000]);
  const count = resnet18Classifier().parameters.filter((p) => p.trainable)
    .reduce((sum, p) => sum + p.shape.reduce((a, b) => a * b, 1), 0);
  assertEquals(count, 11_689_512); // as torchvision documents
});
