import * as tf from "@tensorflow/tfjs";
import { inEveryStep } from "../engine/in_every_step.ts";

/**
 * Refuses labels that are not n int32 numbers in [0, classes). The range is read back from the engine, except on
 * webgpu and webgl, where reading back would stall the step: there the caller vouches for it.
 *
 * @param task What cannot be done, for the message ("compute expression loss").
 */
export function checkLabels(task: string, labels: tf.Tensor, n: number, classes: number): void {
  if (labels.rank !== 1 || labels.dtype !== "int32") {
    throw new TypeError(
      `Cannot ${task}: labels must be an int32 tensor of rank 1, current value is ${labels.dtype} of rank ${labels.rank}`,
    );
  }
  if (labels.size !== n) {
    throw new RangeError(`Cannot ${task}: there are ${n} samples, but ${labels.size} labels`);
  }
  if (tf.getBackend().startsWith("webg")) return;
  inEveryStep([labels], (labels) => {
    for (const label of labels.dataSync()) {
      if (label < 0 || label >= classes) {
        throw new RangeError(`Cannot ${task}: labels must be in [0, ${classes}), current value is ${label}`);
      }
    }
  });
}

/** Refuses what is not a float tensor of shape (n, columns) with n >= 1; gives [n, columns]. */
export function checkMatrix(task: string, name: string, x: tf.Tensor): [n: number, columns: number] {
  const [n = 0, columns = 0] = x.shape;
  if (x.rank !== 2 || x.dtype !== "float32") {
    throw new TypeError(
      `Cannot ${task}: ${name} must be a float32 tensor of rank 2, current value is ${x.dtype} of rank ${x.rank}`,
    );
  }
  if (n === 0 || columns === 0) {
    throw new RangeError(`Cannot ${task}: ${name} must not be empty, current shape is [${x.shape}]`);
  }
  return [n, columns];
}
