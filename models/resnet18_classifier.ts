import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs";
import type { Model } from "../types.ts";
import { checkPositiveInteger } from "./_check.ts";
import { globalMeanPool } from "./_global_mean_pool.ts";
import { linear } from "./_linear.ts";
import { defineModel, weightAndBias } from "./_parameters.ts";
import { trunk, trunkParameters, trunkSettings } from "./_trunk.ts";
import type { ResNet18Options } from "./resnet18.ts";

/** The shape of a classifying ResNet18. */
export interface ResNet18ClassifierOptions extends ResNet18Options {
  /** Number of classes L. @default {1000} */
  readonly classes?: number;
}

/**
 * The whole ResNet18 (He et al. 2016): {@link resnet18}, the global mean and the linear layer `fc`,
 * (n, h, w, C) -> logits (n, L). With the default options a torchvision checkpoint loads as it is.
 *
 * @throws {RangeError} When a size is not a positive integer, or the stem is unknown.
 *
 * @example
 * ```ts
 * import { resnet18Classifier } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 *
 * const model = resnet18Classifier({ width: 4, classes: 3 });
 * assertEquals(model.parameters.at(-2), { name: "fc.weight", shape: [32, 3], trainable: true });
 * ```
 */
export function resnet18Classifier(options: ResNet18ClassifierOptions = {}): Model<Tensor4D, Tensor2D> {
  const { classes = 1000, ...rest } = options;
  checkPositiveInteger("describe resnet18Classifier", "classes", classes);
  const settings = trunkSettings("describe resnet18Classifier", rest);
  return defineModel(
    [...trunkParameters("", settings), ...weightAndBias("fc", [8 * settings.width, classes])],
    (params, input, mode) => linear(params, "fc", globalMeanPool(trunk(params, "", settings, input, mode))),
  );
}
