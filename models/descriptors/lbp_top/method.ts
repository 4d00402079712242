import { z } from "zod";
import type { MethodDefinition } from "../../../types.ts";
import { svmMethod, type TrainedSvm } from "../../svm/svm_method.ts";
import { svmSettings } from "../../svm/svm_settings.ts";
import { gridSettings, neighbourCount, radius } from "../_settings.ts";
import { lbpTop } from "./lbp_top.ts";

/** The settings of LBP-TOP in a pipeline. */
export const lbpTopSettings = z.strictObject({
  radii: z.strictObject({ x: radius(3), y: radius(3), t: radius(3) }).prefault({}).describe(
    "R_X, R_Y in pixels, R_T in frames. The paper's for faces are 3; work on micro-expressions also takes 1, 1, 4.",
  ),
  neighbours: z.strictObject({ xy: neighbourCount(8), xt: neighbourCount(8), yt: neighbourCount(8) })
    .prefault(
      {},
    ).describe("P on each plane."),
  patterns: z.enum(["uniform", "all"]).default("uniform").describe(
    "uniform: P (P - 1) + 3 bins; all: 2^P.",
  ),
  grid: gridSettings(9, 8),
  svm: svmSettings.prefault({}).describe(
    "The paper has a polynomial kernel of degree 2; later work on micro-expressions a linear one.",
  ),
});

/** LBP-TOP with an SVM as a method that pipelines name. */
export const lbpTopMethod: MethodDefinition<typeof lbpTopSettings, "clip", TrainedSvm> = {
  name: "lbp-top",
  title: "LBP-TOP",
  citation: {
    authors: ["Zhao", "Pietikäinen"],
    title:
      "Dynamic Texture Recognition Using Local Binary Patterns with an Application to Facial Expressions",
    venue: "IEEE Transactions on Pattern Analysis and Machine Intelligence",
    year: 2007,
  },
  input: { kind: "clip", channels: 1 },
  settings: lbpTopSettings,
  small: {
    radii: { x: 1, y: 1, t: 1 },
    neighbours: { xy: 4, xt: 4, yt: 4 },
    grid: { rows: 2, columns: 2 },
    svm: { C: [0.1, 1], splits: 2 },
  },
  create: ({ svm, ...settings }, classes) =>
    svmMethod(
      "lbp-top",
      {
        describedBy: `lbp-top 1 ${JSON.stringify(settings)}`,
        describe: (clip) => lbpTop(clip, settings),
      },
      svm,
      classes,
    ),
};
