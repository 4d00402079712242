import * as tf from "@tensorflow/tfjs";
import { loadParams } from "../models/load_params.ts";
import { mostLikely } from "../models/most_likely.ts";
import { clipBatch } from "../pipeline/stages/clip_batch.ts";
import { networkOf, replayedInference, saliencyMaps } from "../pipeline/stages/expression_network.ts";
import { type Clip, type Params, UserError } from "../types.ts";
import { membersOf } from "./members_of.ts";
import { type ModelDescription, readModelDescription } from "./model_description.ts";
import type { ModelFiles } from "./model_files.ts";

// The browser loads this file: nothing of Deno or Node may be imported here.

/** What a model says of a clip. */
export interface ClipPrediction {
  /** The class with the largest probability, the first of equal ones. */
  readonly label: string;
  /** Its index into the classes. */
  readonly class: number;
  /** One for each class; of an ensemble the mean over its members. */
  readonly probabilities: readonly number[];
  /**
   * The network's logits, one for each class. An ensemble has none of its own: here they are the logarithms of its probabilities, so that softmax gives
   * these in either case.
   */
  readonly logits: readonly number[];
  /** What each network said. */
  readonly members: readonly { readonly name: string; readonly logits: readonly number[] }[];
}

/** Numbers over the places of a map, row-major. */
export interface SaliencyGrid {
  /** h', w'; or T, h', w'. */
  readonly shape: readonly number[];
  /** Not negative. */
  readonly values: Float32Array;
}

/** Where a class was seen, on the networks' last maps, which are coarser than the clip. */
export interface Saliency {
  /** On the apex frame, (h', w'); absent for networks without a spatial stream. */
  readonly apex?: SaliencyGrid;
  /** On each frame, (T, h', w'); absent for networks without a temporal stream. */
  readonly frames?: SaliencyGrid;
}

/** The settings of {@linkcode TrainedModel.saliency}. */
export interface SaliencyOptions {
  /** Index of the class. @default the predicted one */
  readonly class?: number;
}

/** A model that was trained, with its weights on the tensor engine. */
export interface TrainedModel {
  /** What it says of itself; `members` are those that were loaded. */
  readonly description: ModelDescription;
  /**
   * Predicts a clip.
   *
   * @param clip As the clips of its training: aligned as `description.preparation` says, T x size x size x channels of `description.clip`.
   * @throws {RangeError} If the clip has another shape.
   */
  predict(clip: Clip): ClipPrediction;
  /**
   * Grad-CAM of a class, the mean over the members.
   *
   * @throws {RangeError} If the clip has another shape, or there is no such class.
   */
  saliency(clip: Clip, options?: SaliencyOptions): Saliency;
  /** Frees the tensors. */
  dispose(): void;
}

/** The settings of {@linkcode loadModelFiles}. */
export interface LoadModelFilesOptions {
  /** One network of an ensemble by its name, such as `casme2/sub05`. @default all of them */
  readonly member?: string;
  /** What messages call the model. @default {"the model"} */
  readonly name?: string;
}

/**
 * Loads a model from wherever its files are: `loadModel` without what reads folders, for browsers. The engine must have been started.
 *
 * @throws {UserError} If a file is missing or damaged, or there is no such member.
 *
 * @example
 * ```ts
 * import { loadModelFiles } from "@macro2micro/mer/predict";
 *
 * const files = async (name: string) => (await fetch(`model/${name}`)).bytes();
 * const answer = async () => (await loadModelFiles(files)).description.classes;
 * console.log(typeof answer);
 * ```
 */
export async function loadModelFiles(
  files: ModelFiles,
  { member, name = "the model" }: LoadModelFilesOptions = {},
): Promise<TrainedModel> {
  const whole = readModelDescription(await files("model.json"), `${name}'s model.json`);
  const members = membersOf(whole, member, name);
  const description = { ...whole, members };
  const network = networkOf(whole.network, whole.classes.length, "plain");
  const loaded: { name: string; params: Params }[] = [];
  try {
    for (const { name, file, sha256 } of members) {
      const bytes = await files(file);
      const found = await digest(bytes);
      if (found !== undefined && found !== sha256) {
        throw new UserError(
          `Cannot load ${file}: its SHA-256 is ${found}, model.json says ${sha256}; copy or export the model again.`,
        );
      }
      loaded.push({ name, params: loadParams(network, bytes, { file }) });
    }
  } catch (error) {
    tf.dispose(loaded.map(({ params }) => params));
    throw error;
  }
  return trainedModel(description, loaded);
}

/** Networks with their parameters, which belong to the result. */
function trainedModel(
  description: ModelDescription,
  members: readonly { readonly name: string; readonly params: Params }[],
): TrainedModel {
  const { classes, clip: form, network: settings } = description;
  const replay = replayedInference(networkOf(settings, classes.length, "plain"));
  const forward = <T>(
    clip: Clip,
    use: (output: ReturnType<typeof replay.network.apply>, params: Params) => T,
  ) => {
    checkShape(clip, form);
    const input = clipBatch([clip], form);
    try {
      return members.map(({ params }) => {
        let made!: T;
        tf.tidy(() => {
          made = use(replay.network.apply(params, input, "infer"), params);
        });
        return made;
      });
    } finally {
      tf.dispose([input.apex, input.frames]);
    }
  };
  const answer = (logits: readonly (readonly number[])[]): ClipPrediction => {
    const each = logits.map(softmax);
    const probabilities = classes.map((_, c) => each.reduce((sum, p) => sum + p[c]!, 0) / each.length);
    const best = mostLikely(probabilities);
    return {
      label: classes[best]!,
      class: best,
      probabilities,
      logits: logits.length === 1 ? logits[0]! : probabilities.map(Math.log),
      members: members.map(({ name }, i) => ({ name, logits: logits[i]! })),
    };
  };
  const predict = (clip: Clip) => answer(forward(clip, ({ logits }) => [...logits.dataSync()]));
  return {
    description,
    predict,
    saliency(clip, options = {}) {
      const { class: shown = predict(clip).class } = options;
      if (classes[shown] === undefined) {
        throw new RangeError(
          `Cannot draw saliency: class must be an index below ${classes.length}, current value is ${shown}`,
        );
      }
      return meanSaliency(forward(clip, (output, params) => {
        const { apex, frames } = saliencyMaps(settings, params, output, [shown]);
        return { ...(apex ? { apex: grid(apex) } : {}), ...(frames ? { frames: grid(frames) } : {}) };
      }));
    },
    dispose() {
      replay.dispose();
      tf.dispose(members.map(({ params }) => params));
    },
  };
}

function checkShape({ shape, pixels, apex }: Clip, form: ModelDescription["clip"]): void {
  const { frames, size, channels } = form;
  const image = size * size * channels;
  if (
    shape.join() === [frames, size, size, channels].join() && pixels.length === frames * image &&
    apex.length === image
  ) return;
  throw new RangeError(
    `Cannot predict: the clip must be ${frames} x ${size} x ${size} x ${channels} with an apex frame, current shape is ${
      shape.join(" x ")
    }`,
  );
}

function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const parts = logits.map((logit) => Math.exp(logit - largest));
  const sum = parts.reduce((a, b) => a + b);
  return parts.map((part) => part / sum);
}

function meanSaliency(each: readonly Saliency[]): Saliency {
  const mean = (grids: readonly (SaliencyGrid | undefined)[]): SaliencyGrid | undefined => {
    const [first] = grids;
    if (first === undefined) return undefined;
    const sum = (i: number) => grids.reduce((all, one) => all + one!.values[i]!, 0);
    return { shape: first.shape, values: first.values.map((_, i) => sum(i) / grids.length) };
  };
  const apex = mean(each.map((one) => one.apex)), frames = mean(each.map((one) => one.frames));
  return { ...(apex ? { apex } : {}), ...(frames ? { frames } : {}) };
}

/** The map of the one clip of a batch. */
function grid(map: tf.Tensor): SaliencyGrid {
  return { shape: map.shape.slice(1), values: (map.dataSync() as Float32Array).slice() };
}

/** The SHA-256 in hexadecimal; undefined in a page that came without encryption, where browsers have no WebCrypto. */
async function digest(bytes: Uint8Array): Promise<string | undefined> {
  if (globalThis.crypto?.subtle === undefined) return undefined;
  const hash = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
