import * as tf from "@tensorflow/tfjs";

/** Refuses what is not a batch of square images of this size and number of channels. */
export function checkImage(model: string, input: tf.Tensor4D, size: number, channels: number): void {
  if (String(input.shape.slice(1)) === `${size},${size},${channels}`) return;
  throw new RangeError(
    `Cannot apply ${model}: images must be ${size}x${size}x${channels}, current input is [${input.shape}]`,
  );
}

/** One channel of a batch of images, (n, h, w, C) -> (n, h, w, 1). */
export function channel(input: tf.Tensor4D, index: number): tf.Tensor4D {
  const [n, h, w] = input.shape;
  return tf.slice(input, [0, 0, 0, index], [n, h, w, 1]);
}
