import { z } from "zod";
import type { MethodDefinition } from "../../../types.ts";
import { svmMethod, type TrainedSvm } from "../../svm/svm_method.ts";
import { svmSettings } from "../../svm/svm_settings.ts";
import { gridSettings } from "../_settings.ts";
import { higoTop } from "./higo_top.ts";

/** The settings of HIGO-TOP in a pipeline. */
export const higoTopSettings = z.strictObject({
  bins: z.int().min(1).max(254).default(8).describe("Bins of the orientation on each plane."),
  circle: z.enum(["full", "half"]).default("full").describe(
    "half: a gradient and its opposite are the same; a choice of this toolkit.",
  ),
  weight: z.enum(["none", "magnitude"]).default("none").describe("none is HIGO, magnitude HOG."),
  grid: gridSettings(8, 8, 2),
  svm: svmSettings.prefault({}).describe("The paper has a linear kernel."),
});

/** HIGO-TOP with an SVM as a method that pipelines name. */
export const higoTopMethod: MethodDefinition<typeof higoTopSettings, "clip", TrainedSvm> = {
  name: "higo-top",
  title: "HIGO-TOP",
  citation: {
    authors: ["Li", "Hong", "Moilanen", "Huang", "Pfister", "Zhao", "Pietikäinen"],
    title:
      "Towards Reading Hidden Emotions: A Comparative Study of Spontaneous Micro-Expression Spotting and Recognition Methods",
    venue: "IEEE Transactions on Affective Computing",
    year: 2017,
  },
  input: { kind: "clip", channels: 1 },
  settings: higoTopSettings,
  small: { grid: { rows: 2, columns: 2, times: 1 }, svm: { C: [0.1, 1], splits: 2 } },
  create: ({ svm, ...settings }, classes) =>
    svmMethod(
      "higo-top",
      { describedBy: `higo-top 1 ${JSON.stringify(settings)}`, describe: (clip) => higoTop(clip, settings) },
      svm,
      classes,
    ),
};
