// ResNet18 against PyTorch 2.13 on the same weights and input: tools/golden/resnet18.py.
import * as tf from "@tensorflow/tfjs";
import { adam, gradients, sgd } from "../../engine/mod.ts";
import { resnet18, resnet18Classifier } from "../../models/mod.ts";
import { useEngine } from "../_engine.ts";
import { assertClose, assertNormClose, Golden, trainingMode } from "./_golden.ts";

await useEngine();

const cases = [{ stem: "imagenet", width: 8 }, { stem: "small", width: 2 }] as const;

for (const { stem, width } of cases) {
  const golden = new Golden(`resnet18_${stem}`);
  const model = resnet18Classifier({ width, stem, classes: 5 });
  const trunk = resnet18({ width, stem });

  Deno.test(`resnet18 with the ${stem} stem gives PyTorch's outputs in both modes`, () => {
    tf.tidy(() => {
      const [params, x] = [golden.params(model, "start/"), golden.image("x")];
      assertClose(trunk.apply(params, x, "infer"), golden.image("infer/map"), 1e-4, "map in inference");
      assertClose(
        model.apply(params, x, "infer"),
        golden.tensor("infer/logits"),
        1e-4,
        "logits in inference",
      );
      const [once, twice] = [trainingMode(), trainingMode()];
      assertClose(trunk.apply(params, x, once), golden.image("train/map"), 1e-4, "map in training");
      assertClose(model.apply(params, x, twice), golden.tensor("train/logits"), 1e-4, "logits in training");
      tf.dispose([once.updates, twice.updates]); // kept: tidy leaves them
    });
  });

  for (const optimiser of ["sgd", "adam"] as const) {
    Deno.test(`resnet18 with the ${stem} stem takes PyTorch's ${optimiser} step`, () => {
      const [params, x] = [golden.params(model, "start/"), golden.image("x")];
      const labels = tf.oneHot(golden.tensor<tf.Tensor1D>("labels"), 5);
      const names = model.parameters.filter((p) => p.trainable).map((p) => p.name);
      const mode = trainingMode();
      const { value, grads } = gradients(
        () => ({
          loss: tf.losses.softmaxCrossEntropy(labels, model.apply(params, x, mode)) as tf.Scalar,
        }),
        params,
        names,
      );
      assertClose(value.loss, golden.tensor("train/loss"), 1e-5, "loss");
      const step = optimiser === "sgd" ? sgd({ learningRate: 0.1 }) : adam({ learningRate: 0.001 });
      step.step(params, grads);
      const expected = golden.params(model, `${optimiser}/`, optimiser === "sgd");
      for (const name of names) {
        const [actual, wanted] = [params[name] as tf.Tensor, expected[name] as tf.Tensor];
        if (optimiser === "sgd") assertClose(actual, wanted, 1e-4, name);
        else assertNormClose(actual, wanted, 1e-4, name);
      }
      if (optimiser === "sgd") {
        for (const [name, statistic] of Object.entries(mode.updates)) {
          assertClose(statistic, expected[name] as tf.Tensor, 1e-5, name);
        }
      }
      step.dispose();
      tf.dispose([params, x, labels, value, grads, expected, mode.updates]);
    });
  }
}
