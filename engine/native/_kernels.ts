import * as tf from "@tensorflow/tfjs";
import { adamKernel } from "./_adam.ts";
import { avgPool, avgPoolGrad } from "./_average_pool.ts";
import { batchNorm, batchNormGrad, batchNormInference, batchNormTracking } from "./_batch_norm.ts";
import { registerReluGradient, reluGrad, step } from "./_activations.ts";
import { conv2D, conv2DBackpropFilter, conv2DBackpropInput } from "./_convolution.ts";
import { gather } from "./_gather.ts";
import type { NativeBackend } from "./_load_backend.ts";
import { maxPool, maxPoolGradKernel } from "./_pool.ts";
import type { Variables } from "./_variables.ts";

/** A kernel of ours; `packaged` is the one it takes the place of. */
export type Kernel = (
  inputs: never,
  attrs: never,
  backend: NativeBackend,
  packaged: (inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap) => tf.TensorInfo,
) => tf.TensorInfo | tf.TensorInfo[];

/** Registers our kernels of the native engine; those with M2M are fused ones that models and optimisers look for. */
export function registerNativeKernels(backend: NativeBackend, variables: Variables): void {
  const kernels: Readonly<Record<string, Kernel>> = {
    [tf.AvgPool]: avgPool,
    [tf.AvgPoolGrad]: avgPoolGrad,
    [tf.Conv2D]: conv2D,
    [tf.Conv2DBackpropFilter]: conv2DBackpropFilter,
    [tf.Conv2DBackpropInput]: conv2DBackpropInput,
    [tf.GatherV2]: gather,
    [tf.MaxPool]: maxPool,
    [tf.MaxPoolGrad]: maxPoolGradKernel(backend),
    [tf.Step]: step,
    M2MAdam: adamKernel(backend, variables),
    // What TensorFlow keeps between batch norm and its gradient differs on a GPU, and nobody could try it there.
    ...(backend.isUsingGpuDevice ? {} : {
      M2MBatchNorm: batchNorm,
      M2MBatchNormGrad: batchNormGrad,
      M2MBatchNormInference: batchNormInference,
      M2MBatchNormTracking: batchNormTracking,
    }),
    M2MReluGrad: reluGrad,
  };
  registerReluGradient();
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    const old = tf.getKernel(kernelName, "tensorflow");
    if (old) tf.unregisterKernel(kernelName, "tensorflow"); // registering in its place would warn
    tf.registerKernel({
      ...old,
      kernelName,
      backendName: "tensorflow",
      kernelFunc: ({ inputs, attrs }) =>
        kernel(
          inputs as never,
          attrs as never,
          backend,
          (inputs, attrs) => old.kernelFunc({ inputs, attrs, backend }) as tf.TensorInfo,
        ),
    });
  }
}
