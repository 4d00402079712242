import { z } from "zod";
import { dssn } from "../../../models/mod.ts";
import type { FlowInput, MethodDefinition, Params } from "../../../types.ts";
import { interleave, resizePlane, stretch } from "./_planes.ts";
import { networkMethod } from "./network_method.ts";
import { startFrom } from "./_pretrained.ts";
import { training } from "./settings.ts";

const settings = z.strictObject({
  ...training,
  steps: training.steps.default(600),
  batch: training.batch.default(32),
  learningRate: training.learningRate.default(1e-4),
  size: z.int().min(67).default(227).describe(
    "Side of the images that the network reads, AlexNet's 227 in the paper.",
  ),
  fusion: z.enum(["multiply", "add", "concatenate"]).default("multiply").describe(
    "How the two streams meet.",
  ),
  dropout: z.number().min(0).lt(1).default(0.5).describe("Before the linear layer."),
  pretrained: z.string().optional().describe(
    "AlexNet's ImageNet weights as in the paper: a safetensors file, relative to --data, with conv1, conv2_1 and conv2_2, weight and bias each; both streams begin with them.",
  ),
});

/**
 * DSSN as a method: magnitude of the flow from the onset to the apex and magnitude of its strain, each stretched to 0..255 in every clip (open in the paper),
 * brought to 227 x 227. Steps, batch and learning rate are our choice, fixed before the first run. Without `pretrained` it begins from drawn weights, which the paper's
 * does not.
 */
export const dssnMethod: MethodDefinition<typeof settings, "flow", Params> = {
  name: "dssn",
  title: "DSSN",
  citation: {
    authors: ["Khor", "See", "Liong", "Phan", "Lin"],
    title: "Dual-stream shallow networks for facial micro-expression recognition",
    venue: "ICIP",
    year: 2019,
  },
  input: { kind: "flow", maps: "apex", units: ["pixels"] },
  settings,
  small: { steps: 30, batch: 6, learningRate: 1e-3, size: 67, dropout: 0 },
  create: (chosen, classes) => {
    const { size, fusion, dropout, pretrained } = chosen;
    const streams = ["magnitude", "strain"].map((stream) => `${stream}.`);
    const model = dssn({ classes, size, fusion, dropout });
    return networkMethod(
      {
        name: "dssn",
        describedBy: `dssn 1: magnitude strain ${size}`,
        describe: (input) => describe(input, size),
        shape: [size, size, 2],
        model,
        ...(pretrained ? { start: startFrom(model, pretrained, streams) } : {}),
      },
      chosen,
      classes,
    );
  },
};

/** Two channels of 0..255, rounded: a clip takes 100 kB. */
function describe({ u, v, strain, shape, unit }: FlowInput, size: number): Uint8Array {
  const [count, height, width] = shape;
  if (count !== 1 || unit !== "pixels") {
    throw new RangeError(
      "Cannot describe a clip for dssn: it reads one map of flow in pixels, onset to apex; stored flow images have lost their scale",
    );
  }
  const magnitude = u.map((x, i) => Math.hypot(x, v[i] as number));
  const planes = [magnitude, strain].map((plane) => stretch(resizePlane(plane, [height, width], size)));
  return Uint8Array.from(interleave(planes), Math.round);
}
