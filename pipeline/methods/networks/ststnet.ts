import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { seededRandom } from "../../../engine/mod.ts";
import { gradCam, ststnet, ststnetHead, ststnetMaps } from "../../../models/mod.ts";
import type { Explanation, MethodDefinition, Params } from "../../../types.ts";
import { values } from "../_look.ts";
import { describeFlow } from "./_flow.ts";
import { stretch } from "./_planes.ts";
import { networkMethod } from "./network_method.ts";
import { training } from "./settings.ts";

const settings = z.strictObject({
  ...training,
  steps: training.steps.default(1600),
  batch: training.batch.default(256),
  learningRate: training.learningRate.default(5e-5),
  dropout: z.number().min(0).lt(1).default(0.5).describe("After each of the three streams."),
});

/**
 * STSTNet as a method: strain, v and u of the flow from the onset to the apex, 28 x 28, 0..255 as in the authors' code; flow in pixels is stretched to
 * that, each map by itself, as the pictures of `m2m data prepare` are. Learning rate and batch are those of the authors' code, steps its 800 epochs of two
 * batches. The networks of all folds of a run begin with the same weights, those of the run's seed (docs/ststnet.md).
 */
export const ststnetMethod: MethodDefinition<typeof settings, "flow", Params> = {
  name: "ststnet",
  title: "STSTNet",
  citation: {
    authors: ["Liong", "Gan", "See", "Khor", "Huang"],
    title: "Shallow Triple Stream Three-dimensional CNN (STSTNet) for Micro-expression Recognition",
    venue: "IEEE FG",
    year: 2019,
  },
  input: { kind: "flow", maps: "apex", units: ["pixels", "stored"] },
  settings,
  small: { steps: 40, batch: 6, learningRate: 1e-2, dropout: 0 },
  create: (chosen, classes) =>
    networkMethod(
      {
        name: "ststnet",
        describedBy: "ststnet 1: strain v u 28",
        describe: describeFlow("ststnet", 28, ({ strain, v, u }) => [strain, v, u], picture),
        shape: [28, 28, 3],
        model: ststnet({ classes, dropout: chosen.dropout }),
        streams: (seed, run) =>
          run ? { weights: run.seed, random: run.random } : {
            weights: seed,
            random: seededRandom(seed),
          },
        explain,
      },
      chosen,
      classes,
    ),
};

function picture(plane: Float32Array): Float32Array {
  return stretch(plane).map(Math.round);
}

/** z and Grad-CAM of the predicted class on the maps before the linear layer. */
function explain(params: Params, image: tf.Tensor4D): Explanation {
  const [features, cam] = tf.tidy(() => {
    const maps = ststnetMaps(params, image);
    const { z, logits } = ststnetHead(params, maps);
    const predicted = Array.from(tf.argMax(logits, 1).dataSync());
    return [z, gradCam(maps, (a) => ststnetHead(params, a).logits, predicted)];
  });
  const explanation = { z: values(features!), apex: { shape: cam!.shape.slice(1), values: values(cam!) } };
  tf.dispose([features!, cam!]);
  return explanation;
}
