import * as tf from "@tensorflow/tfjs";
import type { Mode, Params } from "../types.ts";
import { checkPositiveInteger } from "./_check.ts";
import { convBatchNorm } from "./_conv.ts";
import { maxPool } from "./_max_pool.ts";
import { batchNormParameters, heKernel, type ParameterSpec } from "./_parameters.ts";
import type { ResNet18Options } from "./resnet18.ts";

/** Every setting of a trunk, defaults filled in. */
export interface TrunkSettings extends Required<ResNet18Options> {
  /** Stages of two blocks, from the first. @default {4} */
  readonly stages?: number;
  /** Whether max-pool follows the ImageNet stem. @default {true} */
  readonly pool?: boolean;
}

/** The options with their defaults; throws a RangeError for impossible ones. */
export function trunkSettings(what: string, options: ResNet18Options): TrunkSettings {
  const { width = 64, channels = 3, stem = "imagenet" } = options;
  checkPositiveInteger(what, "width", width);
  checkPositiveInteger(what, "channels", channels);
  if (stem !== "imagenet" && stem !== "small") {
    throw new RangeError(
      `Cannot ${what}: stem must be "imagenet" or "small", current value is ${JSON.stringify(stem)}`,
    );
  }
  return { width, channels, stem };
}

/** The stages of two basic blocks: where each block's parameters are, its channels and its stride. */
function blocks(
  prefix: string,
  { width, stages = 4 }: TrunkSettings,
): { name: string; input: number; output: number; stride: number }[] {
  return [1, 2, 3, 4].slice(0, stages).flatMap((layer) => {
    const output = width * 2 ** (layer - 1);
    const input = layer === 1 ? width : output / 2;
    const stride = layer === 1 ? 1 : 2;
    return [
      { name: `${prefix}layer${layer}.0`, input, output, stride },
      { name: `${prefix}layer${layer}.1`, input: output, output, stride: 1 },
    ];
  });
}

/** The trunk's parameters in torchvision's order. */
export function trunkParameters(prefix: string, settings: TrunkSettings): ParameterSpec[] {
  const { width, channels, stem } = settings;
  const size = stem === "imagenet" ? 7 : 3;
  return [
    heKernel(`${prefix}conv1.weight`, [size, size, channels, width]),
    ...batchNormParameters(`${prefix}bn1`, width),
    ...blocks(prefix, settings).flatMap(({ name, input, output, stride }) => [
      heKernel(`${name}.conv1.weight`, [3, 3, input, output]),
      ...batchNormParameters(`${name}.bn1`, output),
      heKernel(`${name}.conv2.weight`, [3, 3, output, output]),
      ...batchNormParameters(`${name}.bn2`, output),
      ...(stride === 1 ? [] : [
        heKernel(`${name}.downsample.0.weight`, [1, 1, input, output]),
        ...batchNormParameters(`${name}.downsample.1`, output),
      ]),
    ]),
  ];
}

/** (n, h, w, C) -> (n, h', w', 8 width) with all four stages: stem and stages, without pooling and classifier. */
export function trunk(
  params: Params,
  prefix: string,
  settings: TrunkSettings,
  input: tf.Tensor4D,
  mode: Mode,
): tf.Tensor4D {
  const { channels, stem, pool = true } = settings;
  if (input.shape[3] !== channels) {
    throw new RangeError(
      `Cannot apply resnet18: it takes ${channels} channels, current input is [${input.shape}]`,
    );
  }
  const names = { conv: `${prefix}conv1`, norm: `${prefix}bn1` };
  const shape = stem === "imagenet" ? { stride: 2, padding: 3 } : { stride: 1, padding: 1 };
  let x = convBatchNorm(params, names, input, shape, mode, "relu");
  if (stem === "imagenet" && pool) x = maxPool(x, 3, 2, 1);
  for (const block of blocks(prefix, settings)) x = basicBlock(params, block.name, x, block.stride, mode);
  return x;
}

/** The temporal stream on every frame: (n, T, h, w, C) -> (n, T, h', w', 8 width). */
export function temporalMaps(
  params: Params,
  settings: TrunkSettings,
  frames: tf.Tensor5D,
  mode: Mode,
): tf.Tensor5D {
  const [n, T, ...image] = frames.shape;
  const maps = trunk(params, "temporal.", settings, frames.reshape([n * T, ...image]), mode); // (nT, h', w', C')
  return maps.reshape([n, T, ...maps.shape.slice(1)]);
}

/** relu(bn2(conv2(relu(bn1(conv1(x))))) + shortcut(x)). */
function basicBlock(params: Params, name: string, x: tf.Tensor4D, stride: number, mode: Mode): tf.Tensor4D {
  const names = (i: 1 | 2) => ({ conv: `${name}.conv${i}`, norm: `${name}.bn${i}` });
  const inner = convBatchNorm(params, names(1), x, { stride, padding: 1 }, mode, "relu");
  const outer = convBatchNorm(params, names(2), inner, { stride: 1, padding: 1 }, mode, "linear");
  const downsample = { conv: `${name}.downsample.0`, norm: `${name}.downsample.1` };
  const shortcut = stride === 1
    ? x
    : convBatchNorm(params, downsample, x, { stride, padding: 0 }, mode, "linear");
  return tf.relu(outer.add(shortcut));
}
