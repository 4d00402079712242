// The heads D_s, D_t and C_s against PyTorch 2.13: tools/golden/heads.py.
import * as tf from "@tensorflow/tfjs";
import { gradients, sgd } from "../../engine/mod.ts";
import { domainDiscriminator, relationClassifier } from "../../models/mod.ts";
import { useEngine } from "../_engine.ts";
import { assertClose, Golden } from "./_golden.ts";

await useEngine();

const cases = [
  { name: "domain", model: domainDiscriminator({ channels: 16 }) },
  { name: "relation", model: relationClassifier({ channels: 16, intervals: 3 }) },
];

for (const { name, model } of cases) {
  Deno.test(`the ${name} head gives PyTorch's logits, gradient to the map and SGD step`, () => {
    const golden = new Golden(`head_${name}`);
    const [params, x] = [golden.params(model, "start/"), golden.image("x")];
    const labels = golden.tensor<tf.Tensor1D>("labels");
    const lossOf = (logits: tf.Tensor2D) =>
      name === "domain"
        ? tf.losses.sigmoidCrossEntropy(labels.toFloat(), logits.reshape([-1])) as tf.Scalar
        : tf.losses.softmaxCrossEntropy(tf.oneHot(labels, 3), logits) as tf.Scalar;
    const logits = tf.tidy(() => model.apply(params, x, "infer"));
    assertClose(logits, golden.tensor("logits"), 1e-5, "logits");
    const everything = { ...params, x };
    const { value, grads: { x: dx, ...grads } } = gradients(
      () => ({ loss: lossOf(model.apply(everything, everything.x, "infer")) }),
      everything,
      Object.keys(everything),
    );
    assertClose(dx as tf.Tensor, tf.tidy(() => golden.image("dx")), 1e-5, "gradient to the map");
    const optimiser = sgd({ learningRate: 0.1 });
    optimiser.step(params, grads);
    const expected = golden.params(model, "sgd/");
    for (const [key, tensor] of Object.entries(params)) {
      assertClose(tensor, expected[key] as tf.Tensor, 1e-4, key);
    }
    optimiser.dispose();
    tf.dispose([params, x, labels, logits, value, dx as tf.Tensor, grads, expected]);
  });
}
