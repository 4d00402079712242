import { z } from "zod";
import type { MethodDefinition } from "../../../types.ts";
import { svmMethod, type TrainedSvm } from "../../svm/svm_method.ts";
import { svmSettings } from "../../svm/svm_settings.ts";
import { flatGridSettings } from "../_settings.ts";
import { fhofo, leastSpread } from "./fhofo.ts";

/** The settings of FHOFO in a pipeline. */
export const fhofoSettings = z.strictObject({
  grid: flatGridSettings(5, 5),
  bins: z.int().min(2).max(360).default(8).describe("Fuzzy sets of directions."),
  spread: z.number().min(leastSpread).default(0.5).describe(
    "Standard deviation of a set's Gaussian membership, in parts of the distance of two centres; a choice of this toolkit.",
  ),
  leastMotion: z.number().min(0).default(0.01).describe(
    "Smaller motions, in pixels, have no direction; a choice of this toolkit.",
  ),
  svm: svmSettings.prefault({}),
});

/** FHOFO with an SVM as a method that pipelines name. */
export const fhofoMethod: MethodDefinition<typeof fhofoSettings, "flow", TrainedSvm> = {
  name: "fhofo",
  title: "FHOFO",
  citation: {
    authors: ["Happy", "Routray"],
    title: "Fuzzy Histogram of Optical Flow Orientations for Micro-Expression Recognition",
    venue: "IEEE Transactions on Affective Computing",
    year: 2017,
  },
  input: { kind: "flow", maps: "each", units: ["pixels"] },
  settings: fhofoSettings,
  small: { grid: { rows: 2, columns: 2 }, svm: { C: [0.1, 1], splits: 2 } },
  create: ({ svm, ...settings }, classes) =>
    svmMethod(
      "fhofo",
      { describedBy: `fhofo 1 ${JSON.stringify(settings)}`, describe: (flow) => fhofo(flow, settings) },
      svm,
      classes,
    ),
};
