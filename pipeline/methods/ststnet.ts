import * as tf from "@tensorflow/tfjs";
import { batchSampler, loadFlowImages } from "../../data/mod.ts";
import { adam, seededRandom } from "../../engine/mod.ts";
import { gradCam, ststnet as network, ststnetHead, ststnetMaps } from "../../models/mod.ts";
import type { Params } from "../../types.ts";
import { History } from "../history.ts";
import type { Insight } from "../insight.ts";
import type { Plan, PlanClip } from "../plan.ts";
import { trainableNames } from "../stages/guided_networks.ts";
import { trainExpression } from "../stages/train_expression.ts";
import { classWeights, toPredictions, trainingClasses, writeFold } from "./_fold.ts";
import { values } from "./_look.ts";
import type { TrainingMethod } from "./mod.ts";

/**
 * STSTNet (Liong et al., FG 2019) on optical-flow images: one network, one stage (the pipeline's `micro`), values 0..255
 * as in the authors' code, the last step is the one that predicts.
 */
export const ststnet: TrainingMethod = {
  macroSteps: () => 0,
  foldSteps: (pipeline) => pipeline.stages.micro.steps,
  trainMacro: () => Promise.resolve(),
  async trainFold(plan, run, index, seed, report) {
    const fold = plan.folds[index] as Plan["folds"][number];
    const stage = plan.pipeline.stages.micro;
    const random = seededRandom(seed).fork(fold.name);
    const model = network({ classes: plan.classes.length });
    const params = model.init(seed);
    const pixels = await readPixels(plan);
    const batchOf = (clips: readonly number[]) => imageBatch(clips.map((i) => pixels[i] as Uint8Array));
    const classes = trainingClasses(plan, fold, random);
    const { weightDecay, beta1, beta2 } = plan.pipeline.optimiser;
    const optimiser = adam({ learningRate: stage.learningRate, weightDecay, beta1, beta2 });
    const history = new History();
    await trainExpression(
      {
        logits: (p, input: tf.Tensor4D, mode) => model.apply(p, input, mode),
        batch: (positions) => batchOf(positions.map((p) => fold.train[p] as number)),
        classes,
        classWeights: classWeights(plan, classes),
        trainable: trainableNames(model),
      },
      params,
      stage,
      optimiser,
      batchSampler(classes, {
        batch: stage.batch,
        sampling: plan.pipeline.sampling,
        random: random.fork("batches"),
      }),
      random.fork("dropout").next,
      async (step) => {
        history.add("micro", step);
        await report(step.step, `${fold.name} step ${step.step}/${step.steps}`);
      },
    );
    const test = fold.test.map((i) => plan.micro[i] as PlanClip);
    const input = batchOf(fold.test);
    const { logits, insights } = lookAtImages(params, input);
    const predictions = toPredictions(test, logits);
    const keep = plan.pipeline.keepCheckpoints === "all" ? { params } : {};
    await writeFold(run, seed, fold, new Map([["ststnet", { predictions, history, insights, ...keep }]]));
    optimiser.dispose();
    tf.dispose([input, logits, params]);
  },
};

/** The images in the order of the plan's clips. */
async function readPixels(plan: Plan): Promise<Uint8Array[]> {
  const folder = (plan.micro[0] as PlanClip).file;
  const images = await loadFlowImages(folder, { channels: plan.pipeline.flow?.channels ?? [] });
  const byName = new Map(
    images.map((image) => [`${image.database}/${image.subject}/${image.clip}`, image.pixels]),
  );
  return plan.micro.map((c) => byName.get(`${c.database}/${c.subject}/${c.clip}`) as Uint8Array);
}

/** 28 x 28 x 3 images -> (n, 28, 28, 3), values as stored. */
function imageBatch(images: readonly Uint8Array[]): tf.Tensor4D {
  const values = new Float32Array(images.length * 28 * 28 * 3);
  images.forEach((image, i) => values.set(image, i * 28 * 28 * 3));
  return tf.tensor4d(values, [images.length, 28, 28, 3]);
}

/** Logits (the caller disposes them), z and Grad-CAM of the predicted class for each image. */
function lookAtImages(params: Params, input: tf.Tensor4D): { logits: tf.Tensor2D; insights: Insight[] } {
  let insights: Insight[] = [];
  const logits = tf.tidy(() => {
    const maps = ststnetMaps(params, input);
    const { z, logits } = ststnetHead(params, maps);
    const predicted = Array.from(tf.argMax(logits, 1).dataSync());
    const cam = gradCam(maps, (a) => ststnetHead(params, a).logits, predicted);
    const rows = tf.unstack(z), grids = tf.unstack(cam);
    insights = rows.map((row, i) => {
      const { shape } = grids[i] as tf.Tensor;
      return { z: values(row), apex: { shape, values: values(grids[i] as tf.Tensor) } };
    });
    return logits;
  });
  return { logits, insights };
}
