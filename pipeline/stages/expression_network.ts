import { fuse, type FuseOptions } from "../../models/fuse.ts";
import { gradCam } from "../../models/grad_cam.ts";
import { singleStream, type SingleStreamOutput } from "../../models/single_stream.ts";
import { twoStream } from "../../models/two_stream.ts";
import { replayed } from "../../engine/replayed.ts";
import type { SharedSlot } from "../../engine/shared_recordings.ts";
import * as tf from "@tensorflow/tfjs";
import type { Model, Params } from "../../types.ts";
import type { Row } from "../rows.ts";
import type { Pipeline } from "../schema.ts";
import type { ClipBatch } from "./clip_batch.ts";

// The browser loads this file too: nothing of Deno or Node may be imported here.

/** MiNet or MaNet: both have this form. */
export type ExpressionNetwork = Model<
  ClipBatch & { readonly offsets?: readonly number[] },
  SingleStreamOutput
>;

/** All that the form of MiNet and MaNet depends on, beside the number of classes. */
export interface NetworkSettings {
  /** Which streams it has. */
  readonly streams: "both" | "spatial" | "temporal";
  /** Channels of ResNet18's first stage. */
  readonly width: number;
  /** How ResNet18 begins. */
  readonly stem: "imagenet" | "small";
  /** C. */
  readonly channels: 1 | 3;
  /** The video feature in z. */
  readonly videoFeature: Row["videoFeature"];
  /** How v(s) are made. */
  readonly intervals: {
    /** s_c. */
    readonly count: number;
    /** Mean or sequence. */
    readonly kind: "mean" | "sequence";
    /** K, for sequences. */
    readonly sequenceLength?: number;
  };
}

/** The settings of a row's networks. */
export function networkSettings(pipeline: Pipeline, videoFeature: Row["videoFeature"]): NetworkSettings {
  const { streams, width, stem, intervals: { count, kind, sequenceLength } } = pipeline.network;
  return {
    streams,
    width,
    stem,
    channels: pipeline.clip.channels,
    videoFeature,
    intervals: { count, kind, ...(sequenceLength === undefined ? {} : { sequenceLength }) },
  };
}

/** The network of these settings, for training (with v(s)) or for testing (without, cheaper). */
export function networkOf(
  settings: NetworkSettings,
  classes: number,
  use: "guided" | "plain",
): ExpressionNetwork {
  const { streams, width, stem, channels } = settings;
  const options = {
    classes,
    width,
    stem,
    channels,
    ...fuseOptions(settings),
    intervalMaps: use === "guided",
  };
  return streams === "both" ? twoStream(options) : singleStream({ ...options, stream: streams });
}

/** The network of a pipeline, for training (with v(s)) or for testing (without, cheaper). */
export function expressionNetwork(
  pipeline: Pipeline,
  classes: number,
  videoFeature: Row["videoFeature"],
  use: "guided" | "plain",
): ExpressionNetwork {
  return networkOf(networkSettings(pipeline, videoFeature), classes, use);
}

/** How a network fuses the maps of its streams. */
export function fuseOptions({ videoFeature, intervals }: NetworkSettings): FuseOptions {
  const { count, kind, sequenceLength } = intervals;
  return {
    videoFeature,
    intervals: count,
    intervalKind: kind,
    ...(sequenceLength === undefined ? {} : { sequenceLength }),
  };
}

/** The same network, whose inference is replayed as one graph where the engine can do that; dispose it when all clips are through. */
export function replayedInference(
  network: ExpressionNetwork,
  shared?: SharedSlot,
): { network: ExpressionNetwork; dispose(): void } {
  type Inputs = { params: Params; input: Parameters<ExpressionNetwork["apply"]>[1] };
  const forward = replayed(
    ({ params, input }: Inputs) => network.apply(params, input, "infer"),
    shared ? { shared } : {},
  );
  return {
    network: {
      ...network,
      apply: (params, input, mode) =>
        mode === "infer" ? forward.run({ params, input }) : network.apply(params, input, mode),
    },
    dispose: () => forward.dispose(),
  };
}

/** Grad-CAM of a class for each clip on the last map of each stream that there is: (n, h', w') and (n, T, h', w'). The caller disposes them. */
export function saliencyMaps(
  settings: NetworkSettings,
  params: Params,
  { apexMap, frameMaps }: Pick<SingleStreamOutput, "apexMap" | "frameMaps">,
  classes: readonly number[],
): { apex?: tf.Tensor; frames?: tf.Tensor } {
  const options = { ...fuseOptions(settings), intervalMaps: false };
  const weight = params["classifier.weight"] as tf.Tensor2D, bias = params["classifier.bias"] as tf.Tensor1D;
  const classify = (maps: { apexMap?: tf.Tensor4D; frameMaps?: tf.Tensor5D }) =>
    tf.add(tf.matMul(fuse(maps, options).z, weight), bias) as tf.Tensor2D;
  return {
    ...(apexMap
      ? {
        apex: gradCam(
          apexMap,
          (a) => classify({ apexMap: a, ...(frameMaps ? { frameMaps } : {}) }),
          classes,
        ),
      }
      : {}),
    ...(frameMaps
      ? {
        frames: gradCam(
          frameMaps,
          (f) => classify({ ...(apexMap ? { apexMap } : {}), frameMaps: f }),
          classes,
        ),
      }
      : {}),
  };
}
