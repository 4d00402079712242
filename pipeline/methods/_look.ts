import * as tf from "@tensorflow/tfjs";
import type { SingleStreamOutput } from "../../models/mod.ts";
import type { Params } from "../../types.ts";
import type { Insight } from "../insight.ts";
import type { Row } from "../rows.ts";
import type { Pipeline } from "../schema.ts";
import type { ClipBatch } from "../stages/clip_batch.ts";
import { type ExpressionNetwork, networkSettings, saliencyMaps } from "../stages/expression_network.ts";

/** What a trained network makes of one clip: its logits (the caller disposes them), z and Grad-CAM, all from one forward pass. */
export function look(
  pipeline: Pipeline,
  network: ExpressionNetwork,
  videoFeature: Row["videoFeature"],
  params: Params,
  input: ClipBatch,
): { logits: tf.Tensor2D; insight: Insight } {
  let insight: Insight = {};
  const logits = tf.tidy(() => {
    const output = network.apply(params, input, "infer");
    insight = { z: values(output.z), ...saliency(pipeline, videoFeature, params, output) };
    return output.logits;
  });
  return { logits, insight };
}

/** z alone, of one clip. */
export function featuresOf(network: ExpressionNetwork, params: Params, input: ClipBatch): Float32Array {
  return tf.tidy(() => values(network.apply(params, input, "infer").z));
}

/** Grad-CAM of the predicted class on the last map of each stream that there is. */
function saliency(
  pipeline: Pipeline,
  videoFeature: Row["videoFeature"],
  params: Params,
  output: SingleStreamOutput,
): Insight {
  const predicted = Array.from(tf.argMax(output.logits, 1).dataSync());
  const { apex, frames } = saliencyMaps(networkSettings(pipeline, videoFeature), params, output, predicted);
  return { ...(apex ? { apex: grid(apex) } : {}), ...(frames ? { frames: grid(frames) } : {}) };
}

/** The map of the one clip of a batch. */
export function grid(map: tf.Tensor): { shape: number[]; values: Float32Array } {
  return { shape: map.shape.slice(1), values: values(map) };
}

/** A copy of the numbers of a tensor. */
export function values(tensor: tf.Tensor): Float32Array {
  return (tensor.dataSync() as Float32Array).slice(); // an engine may reuse its memory
}
