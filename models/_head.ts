import type * as tf from "@tensorflow/tfjs";
import type { Model } from "../types.ts";
import { checkPositiveInteger } from "./_check.ts";
import { convWithBias } from "./_conv.ts";
import { globalMeanPool } from "./_global_mean_pool.ts";
import { leakyRelu } from "./_leaky_relu.ts";
import { linear } from "./_linear.ts";
import { defineModel, weightAndBias } from "./_parameters.ts";

/** conv 3x3 C -> C/2, C/4, C/8, LeakyReLU 0.2 after each, mean pool, linear: (n, h, w, C) -> (n, outputs). */
export function head(what: string, channels: number, outputs: number): Model<tf.Tensor4D, tf.Tensor2D> {
  checkPositiveInteger(what, "channels", channels);
  if (channels % 8 !== 0) {
    throw new RangeError(`Cannot ${what}: channels must be a multiple of 8, current value is ${channels}`);
  }
  const specs = [
    ...weightAndBias("conv1", [3, 3, channels, channels / 2]),
    ...weightAndBias("conv2", [3, 3, channels / 2, channels / 4]),
    ...weightAndBias("conv3", [3, 3, channels / 4, channels / 8]),
    ...weightAndBias("fc", [channels / 8, outputs]),
  ];
  return defineModel(specs, (params, input) => {
    let x = input;
    for (const name of ["conv1", "conv2", "conv3"]) {
      x = leakyRelu(convWithBias(params, name, x, { stride: 1, padding: 1 }), 0.2);
    }
    return linear(params, "fc", globalMeanPool(x));
  });
}
