import * as tf from "@tensorflow/tfjs";
import * as module from "@vladmandic/face-api/dist/face-api.esm-nobundle.js";
import { type FaceApi, finderOf } from "../../data/faces/_finder_of.ts";
import type { FaceFinder } from "../../data/faces/types.ts";
import { load } from "./load.ts";

/** What face-api asks of its surroundings before it takes a tensor; in a worker it does not find it by itself. */
interface Surroundings {
  readonly env: { setEnv(env: Record<string, unknown>): void };
}

/** The networks of `openFaceFinder`, with their weights out of the page's own folder. */
export async function loadFaceFinder(base: string): Promise<FaceFinder> {
  const api = module as unknown as FaceApi & Surroundings;
  const never = () => {
    throw new Error("Cannot find faces: face-api wants an element of a page, but gets tensors only");
  };
  api.env.setEnv({
    Canvas: OffscreenCanvas,
    CanvasRenderingContext2D: OffscreenCanvasRenderingContext2D,
    Image: class {},
    ImageData,
    Video: class {},
    createCanvasElement: never,
    createImageElement: never,
    createVideoElement: never,
    fetch: never,
    readFile: never,
  });
  const networks = [
    [api.nets.ssdMobilenetv1, "ssd_mobilenetv1_model"],
    [api.nets.faceLandmark68Net, "face_landmark_68_model"],
  ] as const;
  for (const [network, name] of networks) {
    const [manifest, weights] = await Promise.all([
      load(`${base}faces/${name}-weights_manifest.json`),
      load(`${base}faces/${name}.bin`),
    ]);
    const [{ weights: entries }] = JSON.parse(new TextDecoder().decode(manifest)) as [
      { weights: tf.io.WeightsManifestEntry[] },
    ];
    network.loadFromWeightMap(tf.io.decodeWeights(weights.buffer, entries));
  }
  return finderOf(api);
}
