// STSTNet against PyTorch 2.13, without dropout: tools/golden/ststnet.py.
import * as tf from "@tensorflow/tfjs";
import { adam, gradients, sgd } from "../../../engine/mod.ts";
import { ststnet } from "../../../models/mod.ts";
import { useEngine } from "../../_engine.ts";
import { assertClose, assertNormClose, Golden, trainingMode } from "../_golden.ts";

await useEngine();

// TensorFlow adds up a batch's statistics in one long float32 sum, PyTorch and our other engines in parts.
const tolerance = tf.getBackend() === "tensorflow" ? 3e-5 : 1e-5;

const golden = new Golden("ststnet");
const model = ststnet({ dropout: 0 });
const names = model.parameters.filter((p) => p.trainable).map((p) => p.name);

Deno.test("ststnet gives PyTorch's logits in both modes", () => {
  tf.tidy(() => {
    const [params, x, mode] = [golden.params(model, "start/"), golden.image("x"), trainingMode()];
    assertClose(model.apply(params, x, "infer"), golden.tensor("infer/logits"), 1e-5, "logits in inference");
    assertClose(model.apply(params, x, mode), golden.tensor("train/logits"), tolerance, "logits in training");
    tf.dispose(mode.updates);
  });
});

for (const kind of ["sgd", "adam"] as const) {
  Deno.test(`ststnet takes PyTorch's ${kind} step`, () => {
    const [params, x, mode] = [golden.params(model, "start/"), golden.image("x"), trainingMode()];
    const labels = tf.oneHot(golden.tensor<tf.Tensor1D>("labels"), 3);
    const { value, grads } = gradients(
      () => ({ loss: tf.losses.softmaxCrossEntropy(labels, model.apply(params, x, mode)) as tf.Scalar }),
      params,
      names,
    );
    const optimiser = kind === "sgd" ? sgd({ learningRate: 0.1 }) : adam({ learningRate: 0.001 });
    optimiser.step(params, grads);
    const expected = golden.params(model, `${kind}/`);
    for (const name of names) {
      const [actual, wanted] = [params[name] as tf.Tensor, expected[name] as tf.Tensor];
      if (kind === "sgd") assertClose(actual, wanted, 1e-4, name);
      else assertNormClose(actual, wanted, 1e-4, name);
    }
    for (const [name, statistic] of Object.entries(mode.updates)) {
      assertClose(statistic, expected[name] as tf.Tensor, tolerance, name);
    }
    optimiser.dispose();
    tf.dispose([params, x, labels, value, grads, expected, mode.updates]);
  });
}
