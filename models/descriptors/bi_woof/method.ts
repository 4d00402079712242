import { z } from "zod";
import type { MethodDefinition } from "../../../types.ts";
import { svmMethod, type TrainedSvm } from "../../svm/svm_method.ts";
import { svmSettings } from "../../svm/svm_settings.ts";
import { flatGridSettings } from "../_settings.ts";
import { biWoof } from "./bi_woof.ts";

/** The settings of Bi-WOOF in a pipeline. */
export const biWoofSettings = z.strictObject({
  grid: flatGridSettings(8, 8),
  bins: z.int().min(1).max(360).default(8).describe("Bins of the orientation."),
  local: z.enum(["magnitude", "strain", "none"]).default("magnitude").describe(
    "What a pixel counts within its block.",
  ),
  global: z.enum(["strain", "magnitude", "none"]).default("strain").describe(
    "What a block counts: a mean over its pixels.",
  ),
  svm: svmSettings.prefault({}).describe("The paper has a linear kernel and C = 10000."),
});

/** Bi-WOOF with an SVM as a method that pipelines name. */
export const biWoofMethod: MethodDefinition<typeof biWoofSettings, "flow", TrainedSvm> = {
  name: "bi-woof",
  title: "Bi-WOOF",
  citation: {
    authors: ["Liong", "See", "Wong", "Phan"],
    title: "Less is More: Micro-expression Recognition from Video Using Apex Frame",
    venue: "Signal Processing: Image Communication",
    year: 2018,
  },
  input: { kind: "flow", maps: "apex", units: ["pixels"] },
  settings: biWoofSettings,
  small: { grid: { rows: 2, columns: 2 }, svm: { C: [1, 10], splits: 2 } },
  create: ({ svm, ...settings }, classes) =>
    svmMethod(
      "bi-woof",
      { describedBy: `bi-woof 1 ${JSON.stringify(settings)}`, describe: (flow) => biWoof(flow, settings) },
      svm,
      classes,
    ),
};
