import { batchSampler } from "../data/mod.ts";
import type { Fold } from "../types.ts";
import { balancedWeights } from "./balanced_weights.ts";
import { ClipStore } from "./clip_store.ts";
import { FeatureStore } from "./feature_store.ts";
import type { Plan, PlanClip } from "./plan.ts";
import type { TrainingRecord } from "./training_record.ts";

/**
 * What stands between the data and a method: which clips a fold trains on, how they are drawn, where their pixels come from, what is measured
 * over them. There is one honest layer; tests put others in its place, whose leaks `m2m audit` has to find.
 */
export interface DataLayer {
  /** Positions in `plan.micro` of the clips that a fold trains on. */
  readonly trainingClips: (plan: Plan, fold: Fold) => readonly number[];
  /** Draws batches. */
  readonly sampler: typeof batchSampler;
  /** The pixels of clips. */
  readonly clips: (plan: Plan, set: "micro" | "macro", record: TrainingRecord) => Pick<ClipStore, "get">;
  /** What a comparison method made of the clips. */
  readonly features: (plan: Plan, record: TrainingRecord) => Pick<FeatureStore, "get">;
  /** The weight of each class in L_c. */
  readonly classWeights: typeof classWeights;
}

/** The layer that keeps folds apart. */
export const honestData: DataLayer = {
  trainingClips: (_, fold) => fold.train,
  sampler: batchSampler,
  clips: (plan, set, record) => new ClipStore(plan[set], plan.pipeline, record, set),
  features: (plan, record) => new FeatureStore(plan, record),
  classWeights,
};

/**
 * N / (L n_c) for each class c with clips, from the training clips alone; undefined where the pipeline wants none.
 *
 * @param clips Positions in `plan.micro`.
 * @param classes The class of each.
 */
export function classWeights(
  plan: Plan,
  clips: readonly number[],
  classes: readonly number[],
  record: TrainingRecord,
): number[] | undefined {
  if (plan.pipeline.losses.classWeights === "none") return undefined;
  const weights = balancedWeights(classes, plan.classes.length);
  record.statistic("class weights", weights, {
    set: "micro",
    clips: clips.map((i) => plan.micro[i] as PlanClip),
  });
  return weights;
}
