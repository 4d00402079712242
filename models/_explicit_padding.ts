import * as tf from "@tensorflow/tfjs";

/**
 * Whether the engine must be spared explicit padding: the kernels of the packages tfjs-node and tfjs-node-gpu refuse it in the
 * gradients of convolutions and in pooling, so tensors are padded beforehand there. Our native engine's own kernels take it.
 */
export function lacksExplicitPadding(): boolean {
  return tf.getBackend() === "tensorflow" && tf.getKernel("M2MReluGrad", "tensorflow") === undefined;
}
