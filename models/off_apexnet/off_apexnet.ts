import * as tf from "@tensorflow/tfjs";
import type { Mode, Model, Params } from "../../types.ts";
import { checkPositiveInteger, checkRate } from "../_check.ts";
import { convWithBias } from "../_conv.ts";
import { dropout } from "../_dropout.ts";
import { flattenLikePyTorch } from "../_flatten.ts";
import { linear } from "../_linear.ts";
import { maxPool } from "../_max_pool.ts";
import { defineModel, weightAndBias } from "../_parameters.ts";
import { channel, checkImage } from "../_image.ts";

/** The shape of OFF-ApexNet. */
export interface OffApexNetOptions {
  /** Number of classes L. @default {3} */
  readonly classes?: number;
  /** The share of values that dropout sets to 0 in training after each of the two wide layers. @default {0.5} */
  readonly dropout?: number;
}

const streams = ["u", "v"] as const;

/**
 * OFF-ApexNet (Gan, Liong, Yau, Huang, Tan 2019, "OFF-ApexNet on micro-expression recognition system", Signal Processing: Image
 * Communication 74), the "OFF-ApexNet" row of table 5 of Xia & Wang 2021: the horizontal and the vertical optical flow from the onset to the
 * apex, each through two 5x5 convolutions of 6 and 16 filters with ReLU and max-pool 2, then both side by side through two layers of 1,024 with
 * ReLU and dropout, and a linear layer: (n, 28, 28, 2) -> logits (n, L). With three classes it has 2,664,475 parameters, the 2.66 million
 * that others count.
 *
 * The paper gives the layers; that convolutions keep the size (padding 2), that ReLU follows each of them and where dropout stands is open there
 * and chosen so here (public re-implementations agree but for the ReLU).
 *
 * @throws {RangeError} When `classes` is no positive integer, `dropout` is not in [0, 1), or the input is not 28x28x2.
 *
 * @example
 * ```ts
 * import { offApexNet } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const model = offApexNet();
 * assertEquals(model.apply(model.init(1), tf.zeros([2, 28, 28, 2]), "infer").shape, [2, 3]);
 * ```
 */
export function offApexNet(options: OffApexNetOptions = {}): Model<tf.Tensor4D, tf.Tensor2D> {
  const { classes = 3, dropout: rate = 0.5 } = options;
  checkPositiveInteger("describe offApexNet", "classes", classes);
  checkRate("describe offApexNet", "dropout", rate);
  const specs = [
    ...streams.flatMap((name) => [
      ...weightAndBias(`${name}.conv1`, [5, 5, 1, 6]),
      ...weightAndBias(`${name}.conv2`, [5, 5, 6, 16]),
    ]),
    ...weightAndBias("fc1", [2 * 7 * 7 * 16, 1024]),
    ...weightAndBias("fc2", [1024, 1024]),
    ...weightAndBias("fc3", [1024, classes]),
  ];
  return defineModel(specs, (params, input, mode) => {
    checkImage("offApexNet", input, 28, 2);
    const z = tf.concat(streams.map((name, i) => stream(params, name, channel(input, i))), 1); // (n, 1568)
    const wide = thinned(tf.relu(linear(params, "fc1", z)), rate, mode);
    return linear(params, "fc3", thinned(tf.relu(linear(params, "fc2", wide)), rate, mode));
  });
}

/** (n, 28, 28, 1) -> (n, 784), flattened channel-first. */
function stream(params: Params, name: string, x: tf.Tensor4D): tf.Tensor2D {
  const first = maxPool(tf.relu(convWithBias(params, `${name}.conv1`, x, same)), 2, 2, 0); // (n, 14, 14, 6)
  const second = maxPool(tf.relu(convWithBias(params, `${name}.conv2`, first, same)), 2, 2, 0); // (n, 7, 7, 16)
  return flattenLikePyTorch(second);
}

const same = { stride: 1, padding: 2 };

function thinned(x: tf.Tensor2D, rate: number, mode: Mode): tf.Tensor2D {
  return mode === "infer" ? x : dropout(x, rate, mode.random);
}
