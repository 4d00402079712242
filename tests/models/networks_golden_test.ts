// The comparison networks against PyTorch 2.13: tools/golden/networks.py. Both sides fill weights and images from the same formulas.
import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { gradients } from "../../engine/mod.ts";
import { expressionLoss, marginLoss } from "../../losses/mod.ts";
import { fileShape } from "../../models/_layout.ts";
import { capsuleNet, dssn, dualInception, loadParams, offApexNet } from "../../models/mod.ts";
import type { Model } from "../../types.ts";
import { assertClose, useEngine } from "../_engine.ts";

type Network = Model<tf.Tensor4D, tf.Tensor2D>;

interface Facts {
  readonly parameters: number;
  readonly outputs: number[][];
  readonly loss: number;
  readonly gradients: Record<string, number>;
}
type Name = "offApexNet" | "dualInception" | "dssn" | "capsuleNet";
const golden: Record<Name, Facts> & { parameters: Record<Name, number> } = JSON.parse(
  Deno.readTextFileSync(new URL("../golden/networks.json", import.meta.url)),
);

await useEngine();

const cases: Record<Name, { model: Network; n: number; size: number; channels: number; unit: number }> = {
  offApexNet: { model: offApexNet({ dropout: 0 }), n: 4, size: 28, channels: 2, unit: 8 },
  dualInception: { model: dualInception(), n: 4, size: 28, channels: 2, unit: 8 },
  dssn: { model: dssn({ size: 67, dropout: 0 }), n: 2, size: 67, channels: 2, unit: 1 },
  capsuleNet: { model: capsuleNet({ size: 136, width: 4 }), n: 2, size: 136, channels: 3, unit: 64 },
};

for (const name of Object.keys(cases) as Name[]) {
  Deno.test(`${name} gives PyTorch's outputs, loss and gradients`, () => {
    const { model, n, size, channels, unit } = cases[name];
    const params = loadParams(model, filled(model)), x = image(n, channels, size, unit);
    const labels = tf.tensor1d(Array.from({ length: n }, (_, i) => i % 3), "int32");
    const names = model.parameters.filter((p) => p.trainable).map((p) => p.name);
    const { value, grads } = gradients(
      () => {
        const outputs = model.apply(params, x, "infer");
        return {
          outputs,
          loss: name === "capsuleNet" ? marginLoss(outputs, labels) : expressionLoss(outputs, labels),
        };
      },
      params,
      names,
    );
    const facts = golden[name];
    const scale = Math.max(...facts.outputs.flat().map(Math.abs)); // capsules are short, and must agree all the same
    assertClose(
      [...value.outputs.dataSync()].map((y) => y / scale),
      facts.outputs.flat().map((y) => y / scale),
      1e-4,
      "outputs",
    );
    assertAlmostEquals(value.loss.dataSync()[0] as number, facts.loss, 1e-4 * Math.max(1, facts.loss));
    assertEquals(Object.keys(grads).sort(), Object.keys(facts.gradients).sort());
    const most = Math.max(...Object.values(facts.gradients));
    for (const [key, expected] of Object.entries(facts.gradients)) {
      const norm = Math.sqrt([...(grads[key] as tf.Tensor).dataSync()].reduce((sum, g) => sum + g * g, 0));
      assertAlmostEquals(norm, expected, 1e-3 * expected + 1e-6 * most, key);
    }
    assertEquals(names.reduce((sum, key) => sum + (params[key] as tf.Tensor).size, 0), facts.parameters);
    tf.dispose([params, x, labels, value, grads] as tf.TensorContainer);
  });
}

Deno.test("at the papers' sizes they have the numbers of parameters that PyTorch counts", () => {
  const models: Record<Name, Network> = {
    offApexNet: offApexNet(),
    dualInception: dualInception(),
    dssn: dssn(),
    capsuleNet: capsuleNet(),
  };
  for (const name of Object.keys(models) as Name[]) {
    const sizes = models[name].parameters.filter((p) => p.trainable).map((p) =>
      p.shape.reduce((a, b) => a * b, 1)
    );
    assertEquals(sizes.reduce((a, b) => a + b), golden.parameters[name], name);
  }
});

/** `fill` of the script, for every parameter, in PyTorch's layout. */
function filled(model: Network): Record<string, { shape: number[]; data: Float32Array }> {
  return Object.fromEntries(model.parameters.map(({ name, shape }) => {
    const file = fileShape(shape), size = file.reduce((a, b) => a * b, 1);
    const nearOne = /running_var$|weight$/.test(name);
    const bound = Math.sqrt(6 / file.slice(1).reduce((a, b) => a * b, 1));
    const data = Float32Array.from({ length: size }, (_, i) => {
      const wild = Math.sin(i * 12.9898 + name.length) * 43758.5453;
      const noise = 2 * (wild - Math.floor(wild)) - 1;
      return file.length > 1 ? bound * noise : nearOne ? 1 + 0.3 * noise : 0.1 * noise;
    });
    return [name, { shape: file, data }];
  }));
}

/** `image` of the script, divided by `unit`. */
function image(n: number, channels: number, size: number, unit: number): tf.Tensor4D {
  const each = size * size * channels;
  const values = Float32Array.from(
    { length: n * each },
    (_, i) => (127.5 + 127.5 * Math.sin((i % each) * (0.013 + 0.011 * Math.floor(i / each)))) / unit,
  );
  return tf.tensor4d(values, [n, size, size, channels]);
}
