import type { Tensor1D, Tensor2D, Tensor4D } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { Model, Params } from "../../types.ts";
import { addBias } from "../_add_bias.ts";
import { batchNorm, foldedNorm } from "../_batch_norm.ts";
import { checkPositiveInteger, checkRate } from "../_check.ts";
import { conv } from "../_conv.ts";
import { dropout } from "../_dropout.ts";
import { flattenLikePyTorch } from "../_flatten.ts";
import { checkImage } from "../_image.ts";
import { linear } from "../_linear.ts";
import { maxPool } from "../_max_pool.ts";
import { batchNormParameters, concatenated, defineModel, weightAndBias } from "../_parameters.ts";

/** The shape of STSTNet. */
export interface STSTNetOptions {
  /** Number of classes L. @default {3} */
  readonly classes?: number;
  /** The share of values that dropout sets to 0 in training, as in the authors' PyTorch code. @default {0.5} */
  readonly dropout?: number;
}

/** Filters of the three streams. */
const filters = [3, 5, 8] as const;
const convs = ["conv1", "conv2", "conv3"];
const norms = ["bn1", "bn2", "bn3"];

/**
 * STSTNet (Liong, Gan, See, Khor, Huang 2019, "Shallow triple stream three-dimensional CNN (STSTNet) for
 * micro-expression recognition", FG 2019), the "Shallow" row of table 5 of Xia & Wang 2021: three parallel 3x3
 * convolutions with 3, 5 and 8 filters over an image of optical flow, each with ReLU, batch norm, max-pool 3 and
 * dropout, then their channels side by side, average-pool 2 and a linear layer: (n, 28, 28, 3) -> logits (n, L).
 *
 * Details follow the authors' published PyTorch networks, whose weights load by name: convolution padding 2, ReLU before
 * batch norm, max-pool of stride 3 and padding 1, features flattened channel-first, input channels (strain, v, u) with
 * values 0..255. The streams run as one convolution of 16 filters, which is the same arithmetic in a third of the calls.
 *
 * @throws {RangeError} When `classes` is no positive integer, `dropout` is not in [0, 1), or the input is not 28x28x3.
 *
 * @example
 * ```ts
 * import { ststnet } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const model = ststnet();
 * assertEquals(model.apply(model.init(1), tf.zeros([2, 28, 28, 3]), "infer").shape, [2, 3]);
 * ```
 */
export function ststnet(options: STSTNetOptions = {}): Model<Tensor4D, Tensor2D> {
  const { classes = 3, dropout: rate = 0.5 } = options;
  checkPositiveInteger("describe ststnet", "classes", classes);
  checkRate("describe ststnet", "dropout", rate);
  const specs = [
    ...filters.flatMap((count, i) => weightAndBias(convs[i] as string, [3, 3, 3, count])),
    ...filters.flatMap((count, i) => batchNormParameters(norms[i] as string, count)),
    ...weightAndBias("fc", [5 * 5 * 16, classes]),
  ];
  return defineModel(specs, (params, input, mode) => {
    checkImage("ststnet", input, 28, 3);
    if (mode === "infer") return ststnetHead(params, ststnetMaps(params, input)).logits;
    const normalised = batchNorm(params, norms, tf.relu(streams(params, input)), mode); // (n, 30, 30, 16)
    return ststnetHead(params, dropout(maxPool(normalised, 3, 3, 1), rate, mode.random)).logits;
  });
}

/**
 * The maps of a trained STSTNet that its pooling and its linear layer read, (n, 28, 28, 3) -> (n, 10, 10, 16): for Grad-CAM.
 *
 * @example
 * ```ts
 * import { gradCam, ststnet, ststnetHead, ststnetMaps } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const params = ststnet().init(1);
 * const maps = ststnetMaps(params, tf.ones([2, 28, 28, 3]));
 * assertEquals(gradCam(maps, (a) => ststnetHead(params, a).logits, [0, 2]).shape, [2, 10, 10]);
 * ```
 */
export function ststnetMaps(params: Params, input: Tensor4D): Tensor4D {
  const { scale, shift } = foldedNorm(params, norms);
  return maxPool(tf.relu(streams(params, input)).mul<Tensor4D>(scale).add(shift), 3, 3, 1);
}

/** What follows {@link ststnetMaps}: average-pool 2, the features z flattened channel-first as PyTorch does, (n, 400), and the logits (n, L). */
export function ststnetHead(params: Params, maps: Tensor4D): { z: Tensor2D; logits: Tensor2D } {
  const pooled = tf.avgPool(maps, 2, 2, "valid"); // (n, 5, 5, 16)
  const z = flattenLikePyTorch(pooled);
  return { z, logits: linear(params, "fc", z) };
}

/** The three convolutions as one with 3 + 5 + 8 filters, (n, 28, 28, 3) -> (n, 30, 30, 16). */
function streams(params: Params, input: Tensor4D): Tensor4D {
  const kernel = concatenated<Tensor4D>(params, convs.map((name) => `${name}.weight`));
  const bias = concatenated<Tensor1D>(params, convs.map((name) => `${name}.bias`));
  return addBias(conv(input, kernel, { stride: 1, padding: 2 }), bias);
}
