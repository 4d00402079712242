import * as tf from "@tensorflow/tfjs";
import type { Model, Params } from "../../types.ts";
import { checkPositiveInteger, checkRate } from "../_check.ts";
import { convWithBias } from "../_conv.ts";
import { dropout } from "../_dropout.ts";
import { flattenLikePyTorch } from "../_flatten.ts";
import { channel, checkImage } from "../_image.ts";
import { linear } from "../_linear.ts";
import { maxPool } from "../_max_pool.ts";
import { defineModel, type ParameterSpec, weightAndBias } from "../_parameters.ts";
import { acrossChannels } from "./_across_channels.ts";

/** The shape of a DSSN. */
export interface DSSNOptions {
  /** Number of classes L. @default {3} */
  readonly classes?: number;
  /** Side of the square input, at least 67. @default {227} */
  readonly size?: number;
  /** How the maps of the two streams meet: the paper compares all three and keeps the product. @default {"multiply"} */
  readonly fusion?: "multiply" | "add" | "concatenate";
  /** The share of values that dropout sets to 0 in training, before the linear layer. @default {0.5} */
  readonly dropout?: number;
}

const streams = ["magnitude", "strain"] as const;
/** ImageNet's mean of red, green and blue, which each stream subtracts before it divides by 255. */
const mean = [123.68, 116.779, 103.939];

/**
 * DSSN, the dual-stream shallow network (Khor, See, Liong, Phan, Lin 2019, "Dual-stream shallow networks for facial micro-expression
 * recognition", ICIP 2019), a row of table 5 of Xia & Wang 2021: the first two convolutions of AlexNet (Krizhevsky et al. 2012: 11x11
 * stride 4 with 96 filters, 5x5 in two groups with 256, each with ReLU, max-pool 3 of stride 2 and normalisation across channels), once over the
 * magnitude of the optical flow, once over the optical strain; their maps multiplied, dropout and a linear layer:
 * (n, 227, 227, 2), values 0..255 -> logits (n, L).
 *
 * Layers follow the authors' published Keras code: each stream reads its grey image as three channels less ImageNet's mean, by 255; the maps
 * keep the border of zeros that AlexNet's third convolution would want, so that the linear layer has 57,600 inputs at 227 pixels, of which those at the
 * border are always 0. With three classes it has 857,603 parameters, with five 972,805. The authors start from AlexNet's ImageNet weights, which are not
 * here: without them (`loadParams` takes them) this is the architecture alone. Kernels are drawn as PyTorch draws them.
 *
 * @throws {RangeError} When an option is impossible or the input is not size x size x 2.
 *
 * @example
 * ```ts
 * import { dssn } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const model = dssn({ size: 67 });
 * assertEquals(model.apply(model.init(1), tf.zeros([1, 67, 67, 2]), "infer").shape, [1, 3]);
 * ```
 */
export function dssn(options: DSSNOptions = {}): Model<tf.Tensor4D, tf.Tensor2D> {
  const { classes = 3, size = 227, fusion = "multiply", dropout: rate = 0.5 } = options;
  checkPositiveInteger("describe dssn", "classes", classes);
  checkPositiveInteger("describe dssn", "size", size);
  checkRate("describe dssn", "dropout", rate);
  if (size < 67) {
    throw new RangeError(`Cannot describe dssn: size must be at least 67, current value is ${size}`);
  }
  const side = mapSide(size);
  const features = side * side * 256 * (fusion === "concatenate" ? 2 : 1);
  const specs = [...streams.flatMap(streamParameters), ...weightAndBias("fc", [features, classes])];
  return defineModel(specs, (params, input, mode) => {
    checkImage("dssn", input, size, 2);
    const maps = streams.map((name, i) => stream(params, name, channel(input, i))) as [
      tf.Tensor4D,
      tf.Tensor4D,
    ];
    const fused = {
      multiply: () => tf.mul(...maps),
      add: () => tf.add(...maps),
      concatenate: () => tf.concat(maps, 3),
    };
    const z = flattenLikePyTorch(fused[fusion]() as tf.Tensor4D); // (n, C h w)
    return linear(params, "fc", mode === "infer" ? z : dropout(z, rate, mode.random));
  });
}

/** Side of the map of a stream, its border of zeros included: 227 -> 15. */
function mapSide(size: number): number {
  const pooled = (n: number) => Math.floor((n - 3) / 2) + 1;
  return pooled(pooled(Math.floor((size - 11) / 4) + 1)) + 2;
}

function streamParameters(prefix: string): ParameterSpec[] {
  return [
    ...weightAndBias(`${prefix}.conv1`, [11, 11, 3, 96]),
    ...weightAndBias(`${prefix}.conv2_1`, [5, 5, 48, 128]),
    ...weightAndBias(`${prefix}.conv2_2`, [5, 5, 48, 128]),
  ];
}

/** (n, 227, 227, 1) -> (n, 15, 15, 256). */
function stream(params: Params, prefix: string, grey: tf.Tensor4D): tf.Tensor4D {
  const image = tf.div(tf.sub(tf.concat([grey, grey, grey], 3), tf.tensor1d(mean)), 255) as tf.Tensor4D;
  const first = tf.relu(convWithBias(params, `${prefix}.conv1`, image, { stride: 4, padding: 0 })); // (n, 55, 55, 96)
  const normal = acrossChannels(maxPool(first, 3, 2, 0)); // (n, 27, 27, 96)
  const [n, h, w] = normal.shape;
  const groups = [1, 2].map((group) =>
    convWithBias(
      params,
      `${prefix}.conv2_${group}`,
      tf.slice(normal, [0, 0, 0, 48 * (group - 1)], [n, h, w, 48]),
      { stride: 1, padding: 2 },
    )
  );
  const second = acrossChannels(maxPool(tf.relu(tf.concat(groups, 3)), 3, 2, 0)); // (n, 13, 13, 256)
  return tf.pad(second, [[0, 0], [1, 1], [1, 1], [0, 0]]);
}
