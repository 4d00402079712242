// A model with weights out of a seed, as a folder that m2m export writes.
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { saveParams, twoStream } from "../../models/mod.ts";
import { sha256 } from "../../sha256.ts";

/** How the model of {@linkcode writeModel} takes its clips. */
export interface WriteModelOptions {
  /** Whether clips are cut out by the face, 96 pixels. */
  readonly faces: boolean;
  /** Networks of the ensemble. */
  readonly networks?: number;
  /** Of the first stage. */
  readonly width?: number;
  /** Of what it reads, pixels. */
  readonly size?: number;
}

/** Writes a model that was never trained; an engine must run. */
export async function writeModel(folder: string, options: WriteModelOptions): Promise<void> {
  const { faces, networks = 1, width = 4, size = 32 } = options,
    classes = ["negative", "positive", "surprise"];
  await Deno.mkdir(folder, { recursive: true });
  const network = {
    ...{ streams: "both", width, stem: "small", channels: 3, videoFeature: "intervals" },
    intervals: { count: 2, kind: "mean" },
  } as const;
  const model = twoStream({ classes: classes.length, width, stem: "small", videoFeature: "intervals" });
  const members = [];
  for (let k = 0; k < networks; k++) {
    const params = model.init(k + 1), weight = params["classifier.weight"]!;
    // What all clips have in common is taken out and the rest made larger, so that answers differ from clip to clip.
    params["classifier.weight"] = tf.tidy(() => tf.mul(tf.sub(weight, tf.mean(weight, 0, true)), 4));
    const bytes = await saveParams(params), file = `network${k}.safetensors`;
    tf.dispose([weight, ...Object.values(params)]);
    await Deno.writeFile(join(folder, file), bytes);
    members.push({ name: `fold${k}`, file, sha256: sha256(bytes) });
  }
  const description = {
    format: "macro2micro model",
    version: 1,
    name: "a test's model",
    classes,
    network,
    clip: {
      frames: 6,
      size,
      channels: 3,
      interpolation: "linear",
      normalise: "imagenet",
      reference: "onset",
    },
    preparation: {
      align: faces
        ? { kind: "face", eyeDistance: 0.4, eyeLine: 0.35, leastScore: 0.5, size: 96 }
        : { kind: "none" },
    },
    members,
    origin: {
      ...{ pipeline: {}, row: "all", seed: 1, databases: ["casme2"], protocol: "none", evaluated: false },
      ...{ note: "Its weights are random.", versions: {} },
    },
  };
  await Deno.writeTextFile(join(folder, "model.json"), JSON.stringify(description));
}
