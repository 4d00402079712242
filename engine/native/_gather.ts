import type * as tf from "@tensorflow/tfjs";
import type { NativeBackend } from "./_load_backend.ts";

/** Gathers by index; one out of range is a RangeError, as on the other engines. */
export function gather(
  inputs: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap,
  _backend: NativeBackend,
  packaged: (inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap) => tf.TensorInfo,
): tf.TensorInfo {
  try {
    return packaged(inputs, attrs);
  } catch (error) {
    const found = /index value (-?\d+) is not in \[0, (-?\d+)\]/.exec((error as Error).message);
    if (found === null) throw error;
    throw new RangeError(`Cannot gather: an index must be in 0..${found[2]}, current value is ${found[1]}`);
  }
}
