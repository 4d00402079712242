import * as tf from "@tensorflow/tfjs";
import type { TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { adam } from "./_adam.ts";
import { batchNorm, batchNormGrad } from "./_batch_norm.ts";
import { conv2D, conv2DBackpropFilter, conv2DBackpropInput } from "./_convolution.ts";
import { avgPoolGrad, maxPoolGrad } from "./_pool_gradients.ts";

/** A kernel of ours. */
export type Kernel = (inputs: never, attrs: never, backend: BackendWasm) => TensorInfo | TensorInfo[];

/** Our kernels of the wasm engine by tfjs's names. */
export const kernels: Readonly<Record<string, Kernel>> = {
  [tf.Conv2D]: conv2D,
  [tf.Conv2DBackpropFilter]: conv2DBackpropFilter,
  [tf.Conv2DBackpropInput]: conv2DBackpropInput,
  M2MAdam: adam,
  M2MBatchNorm: batchNorm,
  M2MBatchNormGrad: batchNormGrad,
  [tf.MaxPoolGrad]: maxPoolGrad,
  [tf.AvgPoolGrad]: avgPoolGrad,
};
