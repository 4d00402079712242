import { z } from "zod";

/** The part of a network's settings that all have; how long, how many and how fast get each method's own default. */
export const training = {
  steps: z.int().positive().describe("Optimisation steps; the last one's network predicts."),
  batch: z.int().positive().describe("Clips in a step."),
  learningRate: z.number().positive().describe("Of Adam, at the first step."),
  decay: z.enum(["constant", "cosine"]).default("constant").describe("How the learning rate goes on."),
  weightDecay: z.number().min(0).default(0).describe("Of Adam."),
  sampling: z.enum(["random", "balanced"]).default("random").describe(
    "random: every clip equally often; balanced: every class.",
  ),
  classWeights: z.enum(["none", "balanced"]).default("none").describe(
    "Weights of the classes in the loss, from the training clips; the margin loss has none.",
  ),
};

/** Those settings, complete. */
export type Training = z.output<z.ZodObject<typeof training>>;
