import * as tf from "@tensorflow/tfjs";
import { adam } from "../../engine/mod.ts";
import { gradCam, ststnet as network, ststnetHead, ststnetMaps } from "../../models/mod.ts";
import type { Params } from "../../types.ts";
import { History } from "../history.ts";
import type { Insight } from "../insight.ts";
import type { PlanClip } from "../plan.ts";
import { standing } from "../standing.ts";
import { trainableNames } from "../stages/guided_networks.ts";
import { stepsPerEpoch } from "../stages/schedule.ts";
import { trainExpression } from "../stages/train_expression.ts";
import { toPredictions } from "./_fold.ts";
import { values } from "./_look.ts";
import type { MethodParts } from "./mod.ts";

/**
 * STSTNet (Liong et al., FG 2019) on optical-flow images: one network, one stage (the pipeline's `micro`), values 0..255
 * as in the authors' code, the last step is the one that predicts.
 */
export const ststnet: MethodParts = {
  macroSteps: () => 0,
  rowSteps: (pipeline) => pipeline.stages.micro.steps,
  trainMacro: () => Promise.resolve(),
  async trainRows({ plan, seed, fold, clips, classes, random, data, record, state, shown, step, peek }) {
    const stage = plan.pipeline.stages.micro;
    const row = "ststnet";
    const model = network({ classes: plan.classes.length });
    const params = model.init(seed);
    const store = await data.images(plan, record);
    const batchOf = (clips: readonly number[]) => imageBatch(clips.map((i) => store.get(i)));
    record.enter({ stage: "micro", row });
    const weights = data.classWeights(plan, clips, classes, record);
    if (weights) record.statistic("class weights", weights);
    const { weightDecay, beta1, beta2 } = plan.pipeline.optimiser;
    const optimiser = adam({ learningRate: stage.learningRate, weightDecay, beta1, beta2 });
    const history = new History();
    const epoch = stepsPerEpoch(clips.length, stage.batch);
    const test = (at: { step: number; steps: number }, insight: boolean) =>
      record.during({ stage: "test", row, step: at.step, steps: at.steps }, () => {
        const input = batchOf(fold.test);
        const { logits, insights } = insight
          ? lookAtImages(params, input)
          : { logits: tf.tidy(() => model.apply(params, input, "infer")), insights: undefined };
        const predictions = toPredictions(fold.test.map((i) => plan.micro[i] as PlanClip), logits);
        tf.dispose([input, logits]);
        return { predictions, ...(insights ? { insights } : {}) };
      });
    const dropout = random.fork("dropout");
    const loop = await state.loop(`micro/${row}`, {
      params,
      optimiser,
      streams: { dropout },
      kept: { history },
      steps: stage.steps,
      epoch,
    });
    await trainExpression(
      {
        logits: (p, input: tf.Tensor4D, mode) => model.apply(p, input, mode),
        batch: (positions) => {
          for (const p of positions) record.label("micro", plan.micro[clips[p]!]!, classes[p]!);
          return batchOf(positions.map((p) => clips[p] as number));
        },
        classes,
        classWeights: weights,
        trainable: trainableNames(model),
      },
      params,
      { ...stage, from: loop.from },
      optimiser,
      loop.forward(data.sampler(classes, {
        batch: stage.batch,
        sampling: plan.pipeline.sampling,
        random: random.fork("batches"),
      })),
      dropout.next,
      async (report) => {
        history.add("micro", report);
        peek?.look(
          row,
          report,
          epoch,
          () => test(report, false).predictions,
        );
        await step(standing("micro", "STSTNet", report, epoch));
        await loop.after(report.step);
      },
    );
    const tested = test({ step: stage.steps, steps: stage.steps }, shown);
    optimiser.dispose();
    const keep = plan.pipeline.keepCheckpoints === "all";
    if (!keep) tf.dispose(params);
    return new Map([[row, { ...tested, history, ...(keep ? { params } : {}) }]]);
  },
};

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
