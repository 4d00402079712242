import * as tf from "@tensorflow/tfjs";
import type { TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { adam } from "./_adam.ts";
import { batchNorm, batchNormGrad } from "./_batch_norm.ts";
import { concat } from "./_concat.ts";
import { conv2D, fusedConv2D } from "./_conv2d.ts";
import { conv2DBackpropFilter } from "./_conv2d_backprop_filter.ts";
import { conv2DBackpropInput } from "./_conv2d_backprop_input.ts";
import { gather } from "./_gather.ts";
import { identity } from "./_identity.ts";
import { batchMatMul } from "./_mat_mul.ts";
import { avgPoolGrad, maxPoolGrad } from "./_pool_gradients.ts";
import { mean, sum } from "./_reductions.ts";
import { slice } from "./_slice.ts";
import { splitV } from "./_split.ts";
import { stridedSlice } from "./_strided_slice.ts";
import { tile } from "./_tile.ts";

/** The package's kernel for what ours leaves to it. */
export type Package = (inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap) => TensorInfo;

/** A kernel of ours; `packaged` is the one it takes the place of. */
export type Kernel = (
  inputs: never,
  attrs: never,
  backend: BackendWasm,
  packaged: Package,
) => TensorInfo | TensorInfo[];

/** Our kernels of the wasm engine by tfjs's names; those with M2M are fused ones that models and optimisers look for. */
export const kernels: Readonly<Record<string, Kernel>> = {
  [tf.AvgPoolGrad]: avgPoolGrad,
  [tf.BatchMatMul]: batchMatMul,
  [tf.Concat]: concat,
  [tf.Conv2D]: conv2D,
  [tf.Conv2DBackpropFilter]: conv2DBackpropFilter,
  [tf.Conv2DBackpropInput]: conv2DBackpropInput,
  [tf.FusedConv2D]: fusedConv2D,
  [tf.GatherV2]: gather,
  [tf.Identity]: identity,
  [tf.MaxPoolGrad]: maxPoolGrad,
  [tf.Mean]: mean,
  [tf.Slice]: slice,
  [tf.SplitV]: splitV,
  [tf.StridedSlice]: stridedSlice,
  [tf.Sum]: sum,
  [tf.Tile]: tile,
  M2MAdam: adam,
  M2MBatchNorm: batchNorm,
  M2MBatchNormGrad: batchNormGrad,
};
