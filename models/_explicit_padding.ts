import * as tf from "@tensorflow/tfjs";

/**
 * Whether the engine must be spared explicit padding: native TensorFlow's kernels in tfjs refuse it in the gradients of
 * convolutions and in pooling, so tensors are padded beforehand there.
 */
export function lacksExplicitPadding(): boolean {
  return tf.getBackend() === "tensorflow";
}
