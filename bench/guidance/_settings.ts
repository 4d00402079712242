import { definePipeline, type Pipeline, type RowName } from "../../pipeline/mod.ts";

/** What a command line may change; docs/guidance.md lists what was tried. */
export interface Knobs {
  /** Steps of stage (c). */
  readonly steps: number;
  /** Learning rate of stage (c). */
  readonly learningRate: number;
  /** Clips of each domain in a step of stage (c). */
  readonly batch: number;
  /** Weights of L_s, L_sam, L_t, L_con; the paper's are 0.1, 0.2, 0.2, 0.1. */
  readonly weights: readonly [number, number, number, number];
  /** Schedule of the reversal. */
  readonly schedule: "ganin" | "constant";
  /** Frames as they are, or less the first one. */
  readonly reference: "none" | "onset";
  /** Adam's decay of the mean gradient: the paper names none, 0.9 is usual, 0.5 is what adversaries like. */
  readonly beta1: number;
  /** Smaller in every way, for the test. */
  readonly quick: boolean;
}

/** A training under guidance that is measured. */
export interface Variant {
  readonly name: string;
  readonly row: RowName;
  /** False: the discriminators train, but nothing is reversed into the features. */
  readonly reversed: boolean;
  readonly randomOffset: boolean;
}

/** In the order of printing. */
export const variants = [
  { name: "lc", row: "lc", reversed: true, randomOffset: false },
  { name: "lc_ls", row: "lc_ls", reversed: true, randomOffset: false },
  { name: "lc_lsam_lt, no reversal", row: "lc_lsam_lt", reversed: false, randomOffset: false },
  { name: "lc_lsam_lt", row: "lc_lsam_lt", reversed: true, randomOffset: false },
  { name: "lc_lsam_lt, random offset", row: "lc_lsam_lt", reversed: true, randomOffset: true },
  { name: "lc_lcon", row: "lc_lcon", reversed: true, randomOffset: false },
  { name: "all", row: "all", reversed: true, randomOffset: false },
] as const satisfies readonly Variant[];

/** The pipeline of a variant. All variants share stages (a) and (b), batches and steps: they differ in the guidance alone. */
export function pipelineOf(variant: Variant, knobs: Knobs): Pipeline {
  const { quick, steps, batch, learningRate } = knobs;
  const [spatial, relation, temporal, contrastive] = knobs.weights;
  return definePipeline({
    name: "guidance",
    micro: { databases: ["casme2", "smic", "samm"] },
    macro: { databases: ["ckplus"] },
    synthetic: {
      seed: 20,
      subjects: quick
        ? { casme2: 2, smic: 2, samm: 2, ckplus: 4, mmi: 0 }
        : { casme2: 6, smic: 6, samm: 6, ckplus: 18, mmi: 0 },
      clipsPerSubject: quick ? 3 : 6,
      size: 64,
    },
    clip: { frames: 8, size: quick ? 32 : 48, channels: 1, reference: knobs.reference },
    network: {
      width: quick ? 4 : 8,
      stem: "imagenet",
      videoFeature: "mean", // one for all, or rows with L_sam would start from another stage (b)
      intervals: { count: 3, randomOffset: variant.randomOffset },
    },
    losses: {
      classWeights: "balanced",
      spatial: { weight: spatial },
      relation: { weight: relation },
      temporal: { weight: temporal },
      contrastive: { weight: contrastive },
      reversal: variant.reversed
        ? { schedule: knobs.schedule, scale: 1 }
        : { schedule: "constant", scale: 0 },
    },
    stages: {
      macro: { steps: quick ? 4 : 150, batch: 6, learningRate: 0.002, decay: "cosine" },
      micro: { steps: quick ? 4 : 100, batch: 6, learningRate: 0.002, decay: "cosine" },
      guided: { steps, batch, learningRate, decay: "cosine" },
    },
    sampling: "balanced",
    optimiser: { beta1: knobs.beta1 },
    protocol: "cde",
    rows: [variant.row],
  });
}
