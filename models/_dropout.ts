import * as tf from "@tensorflow/tfjs";
import { perStep } from "../engine/per_step.ts";

/** Sets a share `rate` of values to 0 and scales the others by 1 / (1 - rate); one draw of `random` a value, in order. */
export function dropout<T extends tf.Tensor>(x: T, rate: number, random: () => number): T {
  if (rate === 0) return x;
  const { size, shape } = x;
  const mask = perStep(() => {
    const mask = new Float32Array(size);
    for (let i = 0; i < mask.length; i++) mask[i] = random() < rate ? 0 : 1 / (1 - rate);
    return tf.tensor(mask, shape);
  });
  return x.mul(mask) as T;
}
