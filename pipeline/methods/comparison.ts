import { samePerson } from "../../eval/mod.ts";
import type { Explanation, Features, MethodSample, Prediction } from "../../types.ts";
import { methodOfPipeline } from "../features.ts";
import { History } from "../history.ts";
import type { PlanClip } from "../plan.ts";
import { pretrainedFile } from "../pretrained_file.ts";
import { sha256 } from "../../sha256.ts";
import { standing } from "../standing.ts";
import type { MethodParts } from "./mod.ts";
import type { NetworkTrainOptions } from "./networks/network_method.ts";

/** Every comparison method, by its contract: features of the training clips train it, features of the held-out ones are predicted. */
export const comparison: MethodParts = {
  macroSteps: () => 0,
  rowSteps: (pipeline) => methodOfPipeline(pipeline, 1).method.steps,
  trainMacro: () => Promise.resolve(),
  async trainRows({ plan, seed, fold, clips, classes, random, data, record, state, shown, step, peek }) {
    const { definition, method } = methodOfPipeline(plan.pipeline, plan.classes.length, plan.data);
    const { name: row, title } = definition, { steps } = method;
    const store = data.features(plan, record);
    const testFeatures = async (after: number) => {
      record.enter({ stage: "test", row, step: after, steps });
      const features: Features[] = [];
      for (const i of fold.test) features.push(await store.get(i));
      return features;
    };
    const predict = (trained: unknown, features: readonly Features[]): Prediction[] =>
      fold.test.map((i, t) => {
        const clip = plan.micro[i] as PlanClip;
        const output = method.predict(trained, features[t] as Features);
        return { ...identity(clip), truth: clip.classIndex, ...output };
      });
    const peeked = peek ? await testFeatures(0) : [];
    record.enter({ stage: "micro", row });
    const pretrained = pretrainedFile(plan.pipeline, plan.data);
    if (pretrained !== undefined) record.weights("pretrained", sha256(await Deno.readFile(pretrained)));
    const { identities = [] } = plan.pipeline, person = samePerson(identities);
    const declared = new Set(identities.flat());
    const samples: MethodSample[] = [];
    for (const [p, i] of clips.entries()) {
      const clip = plan.micro[i] as PlanClip, classIndex = classes[p] as number;
      record.label("micro", clip, classIndex);
      samples.push({
        ...identity(clip),
        ...(declared.has(`${clip.database}/${clip.subject}`) ? { person: person(clip) } : {}),
        classIndex,
        features: await store.get(i),
      });
    }
    const history = new History();
    const epoch = method.stepsPerEpoch?.(clips.length) ?? 1;
    let looped = false;
    const options: NetworkTrainOptions = {
      run: { seed, random },
      loop: (parts) => {
        looped = true;
        return state.loop(`micro/${row}`, { ...parts, kept: { history } });
      },
      onStep: async (report, now) => {
        history.add("micro", report);
        if (now !== undefined) peek?.look(row, report, epoch, () => predict(now, peeked));
        await step(standing("micro", title, report, epoch));
        if (!looped) state.refuseIfStopping(); // else the loop stops, and keeps the step
      },
    };
    const trained = await method.train(samples, random.fork("method").integer(2 ** 31), options);
    const tested = await testFeatures(steps);
    const predictions = predict(trained, tested);
    const insights: Explanation[] = shown && method.explain
      ? tested.map((features) => method.explain!(trained, features))
      : [];
    const keep = plan.pipeline.keepCheckpoints === "all";
    const kept = keep ? { trained: await method.save(trained) } : {};
    method.dispose(trained);
    return new Map([[row, {
      predictions,
      history,
      ...(insights.length > 0 ? { insights } : {}),
      ...kept,
    }]]);
  },
};

function identity({ database, subject, clip }: PlanClip) {
  return { database, subject, clip };
}
