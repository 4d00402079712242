import { z } from "zod";
import {
  type Features,
  type Method,
  type MethodDefinition,
  type MethodSample,
  type MethodStep,
  UserError,
} from "../../../types.ts";
import { readSafetensors } from "../../read_safetensors.ts";
import { svmMethod, type TrainedSvm } from "../../svm/svm_method.ts";
import { svmSettings } from "../../svm/svm_settings.ts";
import { writeSafetensors } from "../../write_safetensors.ts";
import { gridSettings, radius } from "../_settings.ts";
import { learnCodebook } from "./learn_codebook.ts";
import { stclqpCodes, stclqpParts } from "./stclqp.ts";

/** The settings of STCLQP in a pipeline. */
export const stclqpSettings = z.strictObject({
  radii: z.strictObject({ x: radius(1), y: radius(1), t: radius(1) }).prefault({}).describe(
    "R_X, R_Y in pixels, R_T in frames.",
  ),
  sectors: z.int().min(2).max(64).default(4).describe(
    "Sectors of the orientation; a choice of this toolkit.",
  ),
  grid: gridSettings(5, 5),
  words: z.int().min(2).max(256).default(32).describe(
    "Words of each codebook, one for each plane and component, learned from the training clips alone.",
  ),
  svm: svmSettings.prefault({}),
});

/** What a fold has learned: the word of each vector by plane and component (9 x 256), and the machine on the words' histograms. */
export interface TrainedStclqp {
  /** 9 x 256 words. */
  readonly words: Int32Array;
  /** The machine. */
  readonly svm: TrainedSvm;
}

/** STCLQP with an SVM as a method that pipelines name. Its codebooks are learned anew in each fold, from its training clips. */
export const stclqpMethod: MethodDefinition<typeof stclqpSettings, "clip", TrainedStclqp> = {
  name: "stclqp",
  title: "STCLQP",
  citation: {
    authors: ["Huang", "Zhao", "Hong", "Zheng", "Pietikäinen"],
    title:
      "Spontaneous Facial Micro-Expression Analysis Using Spatiotemporal Completed Local Quantized Patterns",
    venue: "Neurocomputing",
    year: 2016,
  },
  input: { kind: "clip", channels: 1 },
  settings: stclqpSettings,
  small: { grid: { rows: 1, columns: 1 }, words: 4, svm: { C: [0.1, 1], splits: 2 } },
  create: ({ svm, words, ...settings }, classes): Method<"clip", TrainedStclqp> => {
    const machine = svmMethod<"clip">(
      "stclqp",
      {
        describedBy: `stclqp 1 ${JSON.stringify(settings)}`,
        describe: (clip) => stclqpCodes(clip, settings),
      },
      svm,
      classes,
    );
    return {
      describedBy: machine.describedBy,
      describe: machine.describe,
      steps: machine.steps,
      async train(samples, seed, options) {
        const books = learnBooks(samples, words, seed);
        const counted = samples.map((sample) => ({
          ...sample,
          features: inWords(sample.features, books, words),
        }));
        const onStep = async (step: MethodStep) => await options?.onStep?.(step);
        return { words: books, svm: await machine.train(counted, seed, { onStep }) };
      },
      predict: (trained, features) => machine.predict(trained.svm, inWords(features, trained.words, words)),
      async save(trained) {
        const kept = await machine.save(trained.svm);
        return writeSafetensors({
          words: { shape: [stclqpParts, 256], data: trained.words },
          svm: { shape: [kept.length], data: kept },
        }, { method: "stclqp" });
      },
      load(bytes) {
        const { tensors } = readSafetensors(bytes, { file: "the trained stclqp" });
        const books = tensors.get("words")?.data, kept = tensors.get("svm")?.data;
        if (!(books instanceof Int32Array) || !(kept instanceof Uint8Array)) {
          throw new UserError("Cannot load the trained stclqp: the file is not of it; train it again.");
        }
        return { words: books, svm: machine.load(kept) };
      },
      dispose: () => {},
    };
  },
};

/** A codebook for each plane and component, from all blocks of the training clips together. */
function learnBooks(samples: readonly MethodSample[], words: number, seed: number): Int32Array {
  const books = new Int32Array(stclqpParts * 256);
  for (let part = 0; part < stclqpParts; part++) {
    const weights = new Float64Array(256);
    for (const { features } of samples) {
      for (let from = part * 256; from < features.length; from += stclqpParts * 256) {
        for (let code = 0; code < 256; code++) weights[code]! += features[from + code]!;
      }
    }
    books.set(learnCodebook(weights, words, seed), part * 256);
  }
  return books;
}

/** Histograms of vectors as histograms of words: blocks x 9 x words. */
function inWords(features: Features, books: Int32Array, words: number): Float32Array {
  const whole = stclqpParts * 256;
  if (features.length === 0 || features.length % whole !== 0) {
    throw new RangeError(
      `Cannot use these features with stclqp: their number must be a multiple of ${whole}, found ${features.length}`,
    );
  }
  const out = new Float32Array(features.length / 256 * words);
  for (let i = 0; i < features.length; i++) {
    out[Math.floor(i / 256) * words + books[i % whole]!]! += features[i]!;
  }
  return out;
}
