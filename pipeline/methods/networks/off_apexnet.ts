import { z } from "zod";
import { offApexNet } from "../../../models/mod.ts";
import type { MethodDefinition, Params } from "../../../types.ts";
import { describeFlow, flowUnit } from "./_flow.ts";
import { networkMethod } from "./network_method.ts";
import { training } from "./settings.ts";

const settings = z.strictObject({
  ...training,
  steps: training.steps.default(1500),
  batch: training.batch.default(32),
  learningRate: training.learningRate.default(1e-4),
  dropout: z.number().min(0).lt(1).default(0.5).describe(
    "After each of the two wide layers; open in the paper.",
  ),
});

/**
 * OFF-ApexNet as a method: u and v of the flow from the onset to the apex, 28 x 28. Steps, batch and learning rate are our choice, fixed before the
 * first run: what the paper says of them was not at hand.
 */
export const offApexNetMethod: MethodDefinition<typeof settings, "flow", Params> = {
  name: "off-apexnet",
  title: "OFF-ApexNet",
  citation: {
    authors: ["Gan", "Liong", "Yau", "Huang", "Tan"],
    title: "OFF-ApexNet on micro-expression recognition system",
    venue: "Signal Processing: Image Communication",
    year: 2019,
  },
  input: { kind: "flow", maps: "apex", units: ["pixels", "stored"] },
  settings,
  small: { steps: 40, batch: 6, learningRate: 1e-3, dropout: 0 },
  create: (chosen, classes) =>
    networkMethod(
      {
        name: "off-apexnet",
        describedBy: "off-apexnet 1: u v 28",
        describe: describeFlow("off-apexnet", 28, ({ u, v }) => [u, v]),
        shape: [28, 28, 2],
        unit: flowUnit,
        model: offApexNet({ classes, dropout: chosen.dropout }),
      },
      chosen,
      classes,
    ),
};
