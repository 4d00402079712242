import { z } from "zod";

const grid = (values: [number, ...number[]]) => z.array(z.number().positive()).min(1).default(values);

/** The settings of the SVM behind a descriptor, complete. */
export interface SvmSettings {
  /** The kernel. */
  readonly kernel: "linear" | "rbf";
  /** The values that are tried, or the one that is taken. */
  readonly C: number[];
  /** For rbf, in parts of 1 / (numbers of a clip x their variance). */
  readonly gamma: number[];
  /** How the numbers of a descriptor are brought to comparable scales. */
  readonly scaling: "range" | "standard" | "none";
  /** Whether rare classes weigh more. */
  readonly classWeights: "none" | "balanced";
  /** Groups of training subjects that are left out in turn. */
  readonly splits: number;
  /** What the best value has most of. */
  readonly by: "macroF1" | "accuracy";
}

/** The same as a pipeline writes them: what is left out has its default. */
export type SvmSettingsInput = { readonly [Key in keyof SvmSettings]?: SvmSettings[Key] | undefined };

/** The settings of the SVM behind a descriptor, as pipelines write them. One value of C (and gamma) is taken as it is; of several the best one is chosen within the training clips. */
export const svmSettings: z.ZodType<SvmSettings, SvmSettingsInput> = z.strictObject({
  kernel: z.enum(["linear", "rbf"]).default("linear").describe("linear, or rbf: exp(-gamma |x - z|^2)."),
  C: grid([0.0001, 0.001, 0.01, 0.1, 1, 10, 100]).describe(
    "The price of a clip on the wrong side; of several values one is chosen within the training clips.",
  ),
  gamma: grid([0.1, 1, 10]).describe(
    "For rbf, in parts of 1 / (numbers of a clip x their variance); of several values one is chosen.",
  ),
  scaling: z.enum(["range", "standard", "none"]).default("range").describe(
    "Each number of the descriptor, as its training clips have it, to 0..1 (range), to mean 0 and deviation 1 (standard), or as it is. Papers are silent; range is what libsvm's guide advises.",
  ),
  classWeights: z.enum(["none", "balanced"]).default("none").describe(
    "balanced: C times N / (classes x clips of the class).",
  ),
  splits: z.int().min(2).default(5).describe(
    "Groups of training subjects, each left out once when C and gamma are chosen.",
  ),
  by: z.enum(["macroF1", "accuracy"]).default("macroF1").describe(
    "What is the largest for the chosen values, over the pooled predictions of the groups left out; of equal ones the smallest.",
  ),
});
