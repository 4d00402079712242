import { z } from "zod";
import type { MethodDefinition } from "../../../types.ts";
import { svmMethod, type TrainedSvm } from "../../svm/svm_method.ts";
import { svmSettings } from "../../svm/svm_settings.ts";
import { gridSettings, radius } from "../_settings.ts";
import { lbpSip } from "./lbp_sip.ts";

/** The settings of LBP-SIP in a pipeline. */
export const lbpSipSettings = z.strictObject({
  radii: z.strictObject({ x: radius(1), y: radius(1), t: radius(2) }).prefault({}).describe(
    "R_X, R_Y in pixels, R_T in frames.",
  ),
  grid: gridSettings(5, 5),
  svm: svmSettings.prefault({}).describe("The paper has a linear kernel."),
});

/** LBP-SIP with an SVM as a method that pipelines name. */
export const lbpSipMethod: MethodDefinition<typeof lbpSipSettings, "clip", TrainedSvm> = {
  name: "lbp-sip",
  title: "LBP-SIP",
  citation: {
    authors: ["Wang", "See", "Phan", "Oh"],
    title:
      "LBP with Six Intersection Points: Reducing Redundant Information in LBP-TOP for Micro-expression Recognition",
    venue: "Asian Conference on Computer Vision (ACCV)",
    year: 2014,
  },
  input: { kind: "clip", channels: 1 },
  settings: lbpSipSettings,
  small: { radii: { x: 1, y: 1, t: 1 }, grid: { rows: 2, columns: 2 }, svm: { C: [0.1, 1], splits: 2 } },
  create: ({ svm, ...settings }, classes) =>
    svmMethod(
      "lbp-sip",
      { describedBy: `lbp-sip 1 ${JSON.stringify(settings)}`, describe: (clip) => lbpSip(clip, settings) },
      svm,
      classes,
    ),
};
