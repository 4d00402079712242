import { z } from "zod";
import type { MethodDefinition } from "../../../types.ts";
import { svmMethod, type TrainedSvm } from "../../svm/svm_method.ts";
import { svmSettings } from "../../svm/svm_settings.ts";
import { flatGridSettings, neighbourCount, radius } from "../_settings.ts";
import { stlbpIp } from "./stlbp_ip.ts";

/** The settings of STLBP-IP in a pipeline. */
export const stlbpIpSettings = z.strictObject({
  mask: z.int().min(2).max(12).multipleOf(2).default(8).describe(
    "W: neighbours along a projection, half of them on each side.",
  ),
  radius: radius(1).describe("R of the motion patterns."),
  neighbours: neighbourCount(8).describe("P of the motion patterns."),
  reference: z.enum(["onset", "previous"]).default("onset").describe(
    "The frame that others are compared with; a choice of this toolkit.",
  ),
  grid: flatGridSettings(5, 5),
  svm: svmSettings.prefault({}).describe(
    "A chi-square kernel, which the paper may have used, is not offered.",
  ),
});

/** STLBP-IP with an SVM as a method that pipelines name. */
export const stlbpIpMethod: MethodDefinition<typeof stlbpIpSettings, "clip", TrainedSvm> = {
  name: "stlbp-ip",
  title: "STLBP-IP",
  citation: {
    authors: ["Huang", "Wang", "Zhao", "Pietikäinen"],
    title:
      "Facial Micro-Expression Recognition Using Spatiotemporal Local Binary Pattern with Integral Projection",
    venue: "IEEE International Conference on Computer Vision Workshops (ICCVW)",
    year: 2015,
  },
  input: { kind: "clip", channels: 1 },
  settings: stlbpIpSettings,
  small: { mask: 4, grid: { rows: 2, columns: 2 }, svm: { C: [0.1, 1], splits: 2 } },
  create: ({ svm, ...settings }, classes) =>
    svmMethod(
      "stlbp-ip",
      { describedBy: `stlbp-ip 1 ${JSON.stringify(settings)}`, describe: (clip) => stlbpIp(clip, settings) },
      svm,
      classes,
    ),
};
