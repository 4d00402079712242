import { checkPipeline } from "../../pipeline/check_pipeline.ts";
import type { Pipeline, RowName } from "../../pipeline/mod.ts";

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
  /** How many times as fast as MiNet the heads learn. */
  readonly headsRate: number;
  /** End of the schedule of the reversal: how much more MiNet feels of the adversaries than they do of themselves. */
  readonly scale: number;
  /** What MiNet begins stage (b) with. */
  readonly start: "scratch" | "macro";
  /** Schedule of the reversal. */
  readonly schedule: "ganin" | "constant";
  /** Random changes of training clips, and four copies of each macro clip; `--plain` leaves them out. */
  readonly augment: boolean;
  /** Adam's decay of the mean gradient: the paper names none, 0.9 is usual, 0.5 is what adversaries like. */
  readonly beta1: number;
  /** Seed of the synthetic databases. */
  readonly faces: number;
  /** Smaller in every way, for the test. */
  readonly quick: boolean;
}

/** Networks that variants share stages (a) and (b) of. */
export interface Setting {
  readonly streams: "both" | "spatial" | "temporal";
  /** Frames as they are, or less the clip's first. */
  readonly reference: "none" | "onset";
}

/** A training under guidance that is measured. */
export interface Variant {
  readonly name: string;
  readonly setting: keyof typeof settings;
  readonly row: RowName;
  /** False: the discriminators train, but nothing is reversed into the features. */
  readonly reversed: boolean;
  readonly randomOffset: boolean;
}

/** The stream that a term is about, alone where that is enough: a third of the time, and nothing else moves the figures. */
export const settings = {
  apex: { streams: "spatial", reference: "none" },
  video: { streams: "temporal", reference: "onset" },
  whole: { streams: "both", reference: "onset" },
} as const satisfies Record<string, Setting>;

/** In the order of printing. With the scale 0, D_s leaves the features alone: lc_ls is lc then, to the last bit. */
export const variants = [
  { name: "f^A: lc", setting: "apex", row: "lc", reversed: true, randomOffset: false },
  { name: "f^A: lc_ls", setting: "apex", row: "lc_ls", reversed: true, randomOffset: false },
  {
    name: "v(s): lc_lsam_lt, no reversal",
    setting: "video",
    row: "lc_lsam_lt",
    reversed: false,
    randomOffset: false,
  },
  { name: "v(s): lc_lsam_lt", setting: "video", row: "lc_lsam_lt", reversed: true, randomOffset: false },
  {
    name: "v(s): lc_lsam_lt, random offset",
    setting: "video",
    row: "lc_lsam_lt",
    reversed: true,
    randomOffset: true,
  },
  { name: "z: lc", setting: "whole", row: "lc", reversed: true, randomOffset: false },
  { name: "z: lc_lcon", setting: "whole", row: "lc_lcon", reversed: true, randomOffset: false },
  { name: "z: all", setting: "whole", row: "all", reversed: true, randomOffset: false },
] as const satisfies readonly Variant[];

/** As experiments/demo.yaml has it. */
const augment = { flip: 0.5, rotation: 3, translation: 0.03, scale: 0.03, brightness: 0.05, contrast: 0.1 };

/** The pipeline of a variant. Variants of a setting share stages (a) and (b), batches and steps: they differ in the guidance alone. */
export function pipelineOf(variant: Variant, knobs: Knobs): Pipeline {
  const { quick, steps, batch, learningRate } = knobs;
  const [spatial, relation, temporal, contrastive] = knobs.weights;
  const { streams } = settings[variant.setting] as Setting;
  return checkPipeline({
    name: "guidance",
    micro: { databases: ["casme2", "smic", "samm"] },
    macro: { databases: ["ckplus"] },
    synthetic: {
      seed: knobs.faces,
      subjects: quick
        ? { casme2: 2, smic: 2, samm: 2, ckplus: 6, mmi: 0 }
        : { casme2: 10, smic: 10, samm: 10, ckplus: 30, mmi: 0 },
      clipsPerSubject: quick ? 3 : 6,
      size: 64,
    },
    clip: {
      frames: 8,
      size: quick ? 32 : 48,
      channels: 1,
      reference: settings[variant.setting].reference,
      ...(knobs.augment ? { augment } : {}),
    },
    network: {
      streams,
      width: quick ? 4 : 8,
      stem: "imagenet",
      videoFeature: "mean", // one for all, or rows with L_sam would start from another stage (b)
      intervals: { count: 3, randomOffset: variant.randomOffset },
    },
    losses: {
      classWeights: "balanced",
      ...(streams === "temporal" ? {} : { spatial: { weight: spatial } }),
      ...(streams === "spatial" ? {} : { relation: { weight: relation }, temporal: { weight: temporal } }),
      contrastive: { weight: contrastive },
      reversal: variant.reversed
        ? { schedule: knobs.schedule, scale: knobs.scale }
        : { schedule: "constant", scale: 0 },
    },
    stages: {
      macro: { steps: quick ? 4 : 150, batch: 6, learningRate: 0.002, decay: "cosine" },
      micro: { steps: quick ? 4 : 100, batch: 6, learningRate: 0.002, decay: "cosine", start: knobs.start },
      guided: { steps, batch, learningRate, headsRate: knobs.headsRate, macroCopies: 4, decay: "cosine" },
    },
    sampling: "balanced",
    optimiser: { beta1: knobs.beta1 },
    protocol: "cde",
    rows: [variant.row],
  }, "of bench/guidance.ts"); // the types of definePipeline want one kind of streams at a time
}
