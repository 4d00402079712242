import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs";
import type { Model } from "../types.ts";
import { checkPositiveInteger } from "./_check.ts";
import { linear } from "./_linear.ts";
import { defineModel, weightAndBias } from "./_parameters.ts";
import { temporalMaps, trunk, trunkParameters, trunkSettings } from "./_trunk.ts";
import { checkFrames, checkFuseOptions, fuse, type StreamMaps } from "./fuse.ts";
import type { TwoStreamInput, TwoStreamOptions } from "./two_stream.ts";

/** The shape of a network with one of the two streams. */
export interface SingleStreamOptions extends TwoStreamOptions {
  /** Which stream it has. */
  readonly stream: "spatial" | "temporal";
}

/** What a network with one stream makes of clips. */
export interface SingleStreamOutput extends StreamMaps {
  /** v(s) for each interval; empty for the spatial stream. */
  readonly intervalMaps: Tensor4D[];
  /** pool(f^A) or pool(v), (n, C'). */
  readonly z: Tensor2D;
  /** C_e(z), (n, L). */
  readonly logits: Tensor2D;
}

/**
 * One stream of the two-stream network alone, under the same parameter names: for ablations that the paper's tables
 * leave out (what the apex frame, or the sequence, gives by itself).
 *
 * @throws {RangeError} As {@link twoStream} does.
 *
 * @example
 * ```ts
 * import { singleStream } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const model = singleStream({ stream: "spatial", classes: 3, width: 4, stem: "small" });
 * const input = { apex: tf.ones<tf.Rank.R4>([2, 8, 8, 3]), frames: tf.ones<tf.Rank.R5>([2, 4, 8, 8, 3]) };
 * assertEquals(model.apply(model.init(1), input, "infer").z.shape, [2, 32]);
 * ```
 */
export function singleStream(options: SingleStreamOptions): Model<TwoStreamInput, SingleStreamOutput> {
  const what = "describe singleStream";
  const { classes, stream } = options;
  checkPositiveInteger(what, "classes", classes);
  checkFuseOptions(what, options);
  const settings = trunkSettings(what, options);
  const specs = [
    ...trunkParameters(`${stream}.`, settings),
    ...weightAndBias("classifier", [8 * settings.width, classes]),
  ];
  return defineModel(specs, (params, { apex, frames, offsets }, mode) => {
    if (stream === "temporal") checkFrames("apply singleStream", frames.shape[1], options, offsets);
    const maps = stream === "spatial"
      ? { apexMap: trunk(params, "spatial.", settings, apex, mode) }
      : { frameMaps: temporalMaps(params, settings, frames, mode) };
    const { intervalMaps, z } = fuse(maps, options, offsets);
    return { ...maps, intervalMaps, z, logits: linear(params, "classifier", z) };
  });
}
