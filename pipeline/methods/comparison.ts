import type { MethodSample, Prediction } from "../../types.ts";
import { methodOfPipeline } from "../features.ts";
import { History } from "../history.ts";
import type { PlanClip } from "../plan.ts";
import { standing } from "../standing.ts";
import type { MethodParts } from "./mod.ts";

/** Every method of `models/methods.ts`, by its contract: features of the training clips train it, features of the held-out ones are predicted. */
export const comparison: MethodParts = {
  macroSteps: () => 0,
  rowSteps: (pipeline) => methodOfPipeline(pipeline, 1).method.steps,
  trainMacro: () => Promise.resolve(),
  async trainRows({ plan, fold, clips, classes, random, data, record, state, step }) {
    const { definition, method } = methodOfPipeline(plan.pipeline, plan.classes.length);
    const { name: row, title } = definition;
    const store = data.features(plan, record);
    record.enter({ stage: "micro", row });
    const samples: MethodSample[] = [];
    for (const [p, i] of clips.entries()) {
      const clip = plan.micro[i] as PlanClip, classIndex = classes[p] as number;
      record.label("micro", clip, classIndex);
      samples.push({ ...identity(clip), classIndex, features: await store.get(i) });
    }
    const history = new History();
    const trained = await method.train(samples, random.fork("method").integer(2 ** 31), {
      onStep: async (report) => {
        history.add("micro", report);
        await step(standing("micro", title, report, 1));
        state.refuseIfStopping();
      },
    });
    record.enter({ stage: "test", row, step: method.steps, steps: method.steps });
    const predictions: Prediction[] = [];
    for (const i of fold.test) {
      const clip = plan.micro[i] as PlanClip;
      const output = method.predict(trained, await store.get(i));
      predictions.push({ ...identity(clip), truth: clip.classIndex, ...output });
    }
    const keep = plan.pipeline.keepCheckpoints === "all";
    const kept = keep ? { trained: await method.save(trained) } : {};
    method.dispose(trained);
    return new Map([[row, { predictions, history, ...kept }]]);
  },
};

function identity({ database, subject, clip }: PlanClip) {
  return { database, subject, clip };
}
