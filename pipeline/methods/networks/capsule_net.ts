import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { marginLoss } from "../../../losses/mod.ts";
import { capsuleNet } from "../../../models/mod.ts";
import type { ApexInput, MethodDefinition, Params } from "../../../types.ts";
import { resizePlane } from "./_planes.ts";
import { networkMethod } from "./network_method.ts";
import { startFrom } from "./_pretrained.ts";
import { training } from "./settings.ts";

const { classWeights: _, ...common } = training;
const settings = z.strictObject({
  ...common,
  steps: training.steps.default(400),
  batch: training.batch.default(32),
  learningRate: training.learningRate.default(1e-4),
  size: z.int().min(136).multipleOf(8).default(224).describe(
    "Side of the apex frame that the network reads.",
  ),
  width: z.int().positive().multipleOf(2).default(64).describe("Channels of ResNet18's first stage."),
  routings: z.int().positive().default(3).describe("Iterations of the dynamic routing."),
  pretrained: z.string().optional().describe(
    "ImageNet ResNet18 weights as in the paper: a safetensors file, relative to --data, with torchvision's names; stages 1 to 3 are taken.",
  ),
});

/**
 * CapsuleNet as a method: the apex frame in colour, 224 x 224, each channel by 255 less ImageNet's mean, by its deviation. Batch 32, learning rate 1e-4 and about thirty
 * epochs are those of the authors' code, which lowers the rate by 0.9 an epoch (here: `decay`) and adds neighbours of the apex for the rarer classes (here: `sampling:
 * balanced`). Without `pretrained` it begins from drawn weights, which the paper's does not.
 */
export const capsuleNetMethod: MethodDefinition<typeof settings, "apex", Params> = {
  name: "capsulenet",
  title: "CapsuleNet",
  citation: {
    authors: ["Van Quang", "Chun", "Tokuyama"],
    title: "CapsuleNet for micro-expression recognition",
    venue: "IEEE FG",
    year: 2019,
  },
  input: { kind: "apex", channels: 3 },
  settings,
  small: { steps: 40, batch: 6, learningRate: 3e-3, size: 136, width: 2 },
  create: (chosen, classes) => {
    const { size, width, routings, pretrained } = chosen;
    const model = capsuleNet({ classes, size, width, routings });
    return networkMethod(
      {
        name: "capsulenet",
        describedBy: `capsulenet 1: apex ${size}`,
        describe: (input) => describe(input, size),
        shape: [size, size, 3],
        model: { ...model, apply: (params, input, mode) => model.apply(params, normalised(input), mode) },
        loss: (lengths, labels) => marginLoss(lengths, labels),
        probabilities: (lengths) => tf.div(lengths, tf.sum(lengths, 1, true)),
        ...(pretrained ? { start: startFrom(model, pretrained, ["conv."]) } : {}),
      },
      { ...chosen, classWeights: "none" },
      classes,
    );
  },
};

/** The apex frame, rounded, size x size x 3. */
function describe({ apex, shape }: ApexInput, size: number): Uint8Array {
  const [height, width, channels] = shape;
  if (channels !== 3) {
    throw new RangeError(`Cannot describe a clip for capsulenet: it reads colour, found ${channels} channel`);
  }
  const out = new Uint8Array(size * size * 3);
  for (let c = 0; c < 3; c++) {
    const plane = Float32Array.from({ length: height * width }, (_, i) => apex[3 * i + c] as number);
    resizePlane(plane, [height, width], size).forEach((value, i) => out[3 * i + c] = Math.round(value));
  }
  return out;
}

/** 0..255 -> torchvision's units. */
function normalised(input: tf.Tensor4D): tf.Tensor4D {
  return tf.div(
    tf.sub(tf.div(input, 255), tf.tensor1d([0.485, 0.456, 0.406])),
    tf.tensor1d([0.229, 0.224, 0.225]),
  );
}
