import type { Tensor4D } from "@tensorflow/tfjs";
import type { Model } from "../types.ts";
import { defineModel } from "./_parameters.ts";
import { trunk, trunkParameters, trunkSettings } from "./_trunk.ts";

/** The shape of a ResNet18. */
export interface ResNet18Options {
  /** Channels after the stem; the map has 8 times as many. @default {64} */
  readonly width?: number;
  /** Channels of the input. @default {3} */
  readonly channels?: number;
  /**
   * `"imagenet"`: 7x7 convolution of stride 2, then 3x3 max-pool of stride 2, as published (map 1/32 of the input);
   * `"small"`: 3x3 convolution of stride 1 without pooling, as usual for small images (map 1/8 of the input).
   * @default {"imagenet"}
   */
  readonly stem?: "imagenet" | "small";
}

/**
 * The trunk of ResNet18 (He et al. 2016, "Deep residual learning for image recognition", table 1), up to the last
 * feature map: an image (n, h, w, C) -> a map (n, h', w', 8 width). Parameters carry torchvision's names
 * (`conv1.weight`, `bn1.running_mean`, `layer2.0.downsample.0.weight`), are drawn as torchvision draws them (kernels
 * normal with variance 2 / fan out, batch norm 1 and 0), and the arithmetic of convolution (symmetric padding) and
 * batch norm (epsilon 1e-5, momentum 0.1, unbiased running variance) is PyTorch's. Classifier: {@link resnet18Classifier}.
 *
 * @throws {RangeError} When width or channels is not a positive integer, or the stem is unknown.
 *
 * @example
 * ```ts
 * import { resnet18 } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const model = resnet18({ width: 4, stem: "small" });
 * const params = model.init(1);
 * assertEquals(params["layer2.0.downsample.0.weight"]?.shape, [1, 1, 4, 8]);
 * const map = tf.tidy(() => model.apply(params, tf.zeros([1, 16, 16, 3]), "infer"));
 * assertEquals(map.shape, [1, 2, 2, 32]);
 * ```
 */
export function resnet18(options: ResNet18Options = {}): Model<Tensor4D, Tensor4D> {
  const settings = trunkSettings("describe resnet18", options);
  return defineModel(
    trunkParameters("", settings),
    (params, input, mode) => trunk(params, "", settings, input, mode),
  );
}
