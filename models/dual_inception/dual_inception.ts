import * as tf from "@tensorflow/tfjs";
import type { Model, Params } from "../../types.ts";
import { checkPositiveInteger } from "../_check.ts";
import { convWithBias } from "../_conv.ts";
import { flattenLikePyTorch } from "../_flatten.ts";
import { channel, checkImage } from "../_image.ts";
import { linear } from "../_linear.ts";
import { maxPool } from "../_max_pool.ts";
import { defineModel, type ParameterSpec, weightAndBias } from "../_parameters.ts";

/** The shape of a Dual-Inception network. */
export interface DualInceptionOptions {
  /** Number of classes L. @default {3} */
  readonly classes?: number;
}

const streams = ["u", "v"] as const;
/** Channels in and filters of a path of each block: a block gives four times as many. */
const blocks = [{ name: "block1", input: 1, filters: 6 }, {
  name: "block2",
  input: 24,
  filters: 16,
}] as const;

/**
 * Dual-Inception (Zhou, Mao, Xue 2019, "Dual-inception network for cross-database micro-expression recognition", FG 2019), a row of table 5
 * of Xia & Wang 2021: the horizontal and the vertical TV-L1 flow from the onset to the middle frame, each through two inception blocks of 6 and
 * 16 filters a path and max-pool 2, then both side by side through a layer of 1,024 with ReLU and a linear layer: (n, 28, 28, 2) -> logits
 * (n, L). The four paths of a block: 1x1; 1x1 and 3x3; 1x1 and 5x5; max-pool 3 and 1x1; ReLU after every convolution.
 *
 * Layers are those of the authors' published Keras code, with one departure: that code reads each flow component from an image of three equal
 * channels, which is the same function with three weights where one does; with one, three classes make 6,449,867 parameters, the 6.45
 * million that others count.
 *
 * @throws {RangeError} When `classes` is no positive integer, or the input is not 28x28x2.
 *
 * @example
 * ```ts
 * import { dualInception } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const model = dualInception();
 * assertEquals(model.apply(model.init(1), tf.zeros([2, 28, 28, 2]), "infer").shape, [2, 3]);
 * ```
 */
export function dualInception(options: DualInceptionOptions = {}): Model<tf.Tensor4D, tf.Tensor2D> {
  const { classes = 3 } = options;
  checkPositiveInteger("describe dualInception", "classes", classes);
  const specs = [
    ...streams.flatMap((stream) =>
      blocks.flatMap(({ name, input, filters }) => blockParameters(`${stream}.${name}`, input, filters))
    ),
    ...weightAndBias("fc1", [2 * 7 * 7 * 64, 1024]),
    ...weightAndBias("fc2", [1024, classes]),
  ];
  return defineModel(specs, (params, input) => {
    checkImage("dualInception", input, 28, 2);
    const z = tf.concat(
      streams.map((stream, i) => {
        let x = channel(input, i);
        for (const { name } of blocks) x = maxPool(inception(params, `${stream}.${name}`, x), 2, 2, 0);
        return flattenLikePyTorch(x); // (n, 7, 7, 64) -> (n, 3136)
      }),
      1,
    ); // (n, 6272)
    return linear(params, "fc2", tf.relu(linear(params, "fc1", z)));
  });
}

function blockParameters(prefix: string, input: number, filters: number): ParameterSpec[] {
  return [
    ...weightAndBias(`${prefix}.path1`, [1, 1, input, filters]),
    ...weightAndBias(`${prefix}.path2.0`, [1, 1, input, filters]),
    ...weightAndBias(`${prefix}.path2.1`, [3, 3, filters, filters]),
    ...weightAndBias(`${prefix}.path3.0`, [1, 1, input, filters]),
    ...weightAndBias(`${prefix}.path3.1`, [5, 5, filters, filters]),
    ...weightAndBias(`${prefix}.path4`, [1, 1, input, filters]),
  ];
}

/** (n, h, w, C) -> (n, h, w, 4 filters). */
function inception(params: Params, prefix: string, x: tf.Tensor4D): tf.Tensor4D {
  const layer = (name: string, input: tf.Tensor4D, padding = 0) =>
    tf.relu(convWithBias(params, `${prefix}.${name}`, input, { stride: 1, padding }));
  return tf.concat([
    layer("path1", x),
    layer("path2.1", layer("path2.0", x), 1),
    layer("path3.1", layer("path3.0", x), 2),
    layer("path4", maxPool(x, 3, 1, 1)),
  ], 3);
}
