import * as tf from "@tensorflow/tfjs";
import type { Params } from "../types.ts";
import { parameter } from "./_parameters.ts";

/** x W + b with `weight` (in, out) and `bias` of `prefix`, (n, in) -> (n, out). */
export function linear(params: Params, prefix: string, x: tf.Tensor2D): tf.Tensor2D {
  const weight = parameter<tf.Tensor2D>(params, `${prefix}.weight`);
  return tf.matMul(x, weight).add(parameter(params, `${prefix}.bias`));
}
