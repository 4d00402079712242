import * as tf from "@tensorflow/tfjs";
import type { Prediction } from "../../types.ts";
import { type InnerSetting, innerSettings } from "../inner_settings.ts";
import type { Plan, PlanClip } from "../plan.ts";
import type { Pipeline } from "../schema.ts";
import { chooseSetting, innerSplits, scoreSetting, type Selection } from "../selection.ts";
import type { MethodParts } from "./mod.ts";
import type { TrainingTask } from "./training_task.ts";

/** Does a part of a fold once, however often the fold is interrupted, under a scope of its record. */
export type Once = <T>(scope: string, steps: number, work: () => Promise<T>) => Promise<T>;

/** The record's scope of a training of the inner selection. */
export const innerScope = (setting: number, split: string): string => `inner ${setting + 1}/${split}`;

/**
 * Chooses a fold's settings without its test subject: every setting of the pipeline's `inner` is trained on each inner split of the fold's
 * training clips and predicts the subjects that the split holds out; the setting with the best score over these predictions, pooled, is
 * chosen. All settings draw from the same random streams. MaNet is the run's: it has never seen micro-expressions.
 */
export async function selectInner(
  method: MethodParts,
  task: TrainingTask,
  once: Once,
): Promise<{ pipeline: Pipeline; selection: Selection }> {
  const { plan, clips, classes, random } = task;
  const { criterion = "uf1" } = plan.pipeline.inner ?? {};
  const settings = innerSettings(plan.pipeline);
  const splits = innerSplits(plan.pipeline, plan.micro, clips);
  const inner = innerPlan(plan, clips, classes);
  const tried = [];
  for (const [g, setting] of settings.entries()) {
    const predictions: Record<string, Prediction[]> = {};
    for (const split of splits) {
      const steps = method.rowSteps(setting.pipeline);
      const rows = await once(innerScope(g, split.name), steps, async () => {
        const results = await method.trainRows({
          ...task,
          plan: { ...inner, pipeline: quick(setting) },
          fold: split,
          clips: split.train,
          classes: split.train.map((i) => (inner.micro[i] as PlanClip).classIndex),
          random: random.fork(`inner/${split.name}`),
          shown: false,
        });
        tf.dispose([...results.values()].map((result) => result.params ?? {}));
        return Object.fromEntries([...results].map(([row, { predictions }]) => [row, predictions]));
      });
      for (const [row, of] of Object.entries(rows)) (predictions[row] ??= []).push(...of);
    }
    const { name, changes } = setting;
    tried.push({
      name,
      changes,
      ...scoreSetting(predictions, plan.classes, criterion),
      predictions: withPositions(predictions, splits.flatMap((split) => split.test)),
    });
  }
  const chosen = chooseSetting(tried);
  const selection: Selection = {
    criterion,
    splits: splits.map(({ name, test }) => ({ name, heldOut: subjectsOf(plan, test) })),
    settings: tried,
    chosen,
  };
  return { pipeline: (settings[chosen] as InnerSetting).pipeline, selection };
}

/** The plan of inner trainings: the class of a clip is what the fold trains on, which is not the truth where labels are shuffled. */
function innerPlan(plan: Plan, clips: readonly number[], classes: readonly number[]): Plan {
  const { peek: _, ...rest } = plan;
  const micro = [...plan.micro];
  clips.forEach((i, p) => micro[i] = { ...plan.micro[i] as PlanClip, classIndex: classes[p] as number });
  return { ...rest, micro };
}

/** Networks of inner trainings are not kept. */
function quick({ pipeline }: InnerSetting): Pipeline {
  return { ...pipeline, keepCheckpoints: "macro" };
}

/** Predictions come in the order of the splits' test clips. */
function withPositions(
  predictions: Readonly<Record<string, readonly Prediction[]>>,
  positions: readonly number[],
): Record<string, [number, number, number][]> {
  return Object.fromEntries(
    Object.entries(predictions).map(([row, of]) => [
      row,
      of.map(({ truth, prediction }, i) => [positions[i] as number, truth, prediction]),
    ]),
  );
}

function subjectsOf(plan: Plan, positions: readonly number[]): string[] {
  return [...new Set(positions.map((i) => `${plan.micro[i]?.database}/${plan.micro[i]?.subject}`))];
}
