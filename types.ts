/**
 * What the folders of Macro2Micro share: `losses`, `models`, `data` and `eval` import nothing of each other,
 * and meet in these types. Letters: n batch, T frames, h w height and width, C channels, L classes, s_c intervals.
 *
 * @module
 */
import type { Tensor } from "@tensorflow/tfjs";

/** The databases that readers exist for. */
export const databaseNames = ["casme2", "smic", "samm", "ckplus", "mmi"] as const;
/** A database by its short name, as in the MEGC2019 composite. */
export type DatabaseName = typeof databaseNames[number];

/** One labelled clip of a database: facts from its table and folders, no pixels. */
export interface Sample {
  /** Short name of the database, lower case: `casme2`, `smic`, `samm`, `ckplus`, `mmi`. */
  readonly database: string;
  /** The subject as the database's composite list names it (`sub01`, `s1`, `006`). Unique only within the database. */
  readonly subject: string;
  /** The clip's own name, unique within database and subject (`EP02_01f`). */
  readonly clip: string;
  /** The label in the database's own words, lower case (`happiness`), or a class of the composite (`negative`). */
  readonly label: string;
  /** Where the pixels are. */
  readonly source: FrameSource;
  /** Position in `source` of the onset frame, from 0. */
  readonly onset: number;
  /** Position in `source` of the apex frame, from 0. */
  readonly apex: number;
  /** Position in `source` of the offset frame, from 0. */
  readonly offset: number;
  /** How the apex is known: coded by the database, spotted by `m2m data prepare`, or taken as the midpoint because the database codes none. */
  readonly apexOrigin: "coded" | "spotted" | "midpoint";
  /** Frames a second. */
  readonly fps: number;
}

/** Frames in time order: image files (absolute paths), or a video that ffmpeg unpacks. */
export type FrameSource =
  | { readonly kind: "images"; readonly files: readonly string[] }
  | {
    readonly kind: "video";
    readonly file: string;
    readonly frames: number;
    readonly turn: 0 | 90 | 180 | 270;
  };

/** Something odd or wrong in a database, by the clip it concerns; nothing is dropped or altered without one. */
export interface Problem {
  /** The clip (`sub04/EP12_01f`), or the table or folder where no clip is concerned. */
  readonly clip: string;
  /** The field or file concerned (`apex`, `label`, `frames`). */
  readonly field: string;
  /** What was found, as text. */
  readonly found: string;
  /** What was done about it or what the user can do, one sentence. */
  readonly remedy: string;
  /** Whether the clip was left out of the samples because of it. */
  readonly dropped: boolean;
}

/** What a reader makes of a database on disk. */
export interface DatabaseReading {
  /** Short name of the database. */
  readonly database: string;
  /** The edition of its table, in words. */
  readonly edition: string;
  /** The usable clips, sorted by subject and clip. */
  readonly samples: readonly Sample[];
  /** Everything odd, in table order. */
  readonly problems: readonly Problem[];
}

/** A sample with its class in the task at hand. */
export interface LabelledSample extends Sample {
  /** Index into the task's class names. */
  readonly classIndex: number;
}

/** The pixels of a clip brought to T frames: `pixels` is T x height x width x channels, row-major, 0..255. */
export interface Clip {
  /** T x height x width x channels values. */
  readonly pixels: Uint8Array;
  /** T, h, w, C. */
  readonly shape: readonly [frames: number, height: number, width: number, channels: number];
  /** The apex frame, height x width x channels, decoded on its own (interpolation may skip it). */
  readonly apex: Uint8Array;
}

/** An image of fixed size with a class: what methods on optical flow read. Values as stored, row-major h x w x C. */
export interface LabelledImage {
  /** Short name of the database. */
  readonly database: string;
  /** The subject, unique within the database. */
  readonly subject: string;
  /** The clip's name. */
  readonly clip: string;
  /** Index into the task's class names. */
  readonly classIndex: number;
  /** height x width x channels values, 0..255. */
  readonly pixels: Uint8Array;
  /** h, w, C. */
  readonly shape: readonly [height: number, width: number, channels: number];
}

/** What protocols and scores need to know of a clip: `eval` works on anything that has these. */
export interface ClipIdentity {
  /** Short name of the database. */
  readonly database: string;
  /** The subject, unique within the database. */
  readonly subject: string;
  /** The clip's name, unique within the subject. */
  readonly clip: string;
}

/** A predicted clip. Classes are indices into the task's class names. */
export interface Prediction extends ClipIdentity {
  /** The true class. */
  readonly truth: number;
  /** The predicted class. */
  readonly prediction: number;
  /** One probability for each class, where the source has them (a MEGC2019 log has none). */
  readonly probabilities?: readonly number[];
}

/** A fold of a protocol: indices into the samples it was made from. */
export interface Fold {
  /** The held-out subject as `database/subject`. */
  readonly name: string;
  /** The held-out subject's database. */
  readonly database: string;
  /** The held-out subject. */
  readonly subject: string;
  /** Samples to train on. */
  readonly train: readonly number[];
  /** Samples of the held-out subject. */
  readonly test: readonly number[];
}

/** A plain named tree of tensors, flat: the parameter's PyTorch name (`layer1.0.conv1.weight`) to its tensor. */
export type Params = Record<string, Tensor>;

/**
 * How a model is applied. `"infer"` uses the running statistics of batch norm. A training mode uses the batch's
 * statistics and collects the new running statistics (kept tensors, by parameter name) in `updates`; the caller
 * puts them in place of the old ones. `random` draws dropout masks.
 */
export type Mode = "infer" | {
  /** New running statistics, by parameter name; the caller owns them. */
  readonly updates: Params;
  /** Draws dropout masks: a float in [0, 1) a call. */
  readonly random: () => number;
};

/** A model is a description: it holds no tensors of its own. */
export interface Model<Input, Output> {
  /** Every parameter and buffer, in PyTorch's order. */
  readonly parameters: readonly ParameterInfo[];
  /** Fresh parameters, drawn from the seed. The caller disposes them. */
  init(seed: number): Params;
  /** The forward pass. Run it in `tf.tidy`; gradients flow to `params`. */
  apply(params: Params, input: Input, mode: Mode): Output;
}

/** A parameter or buffer of a model. */
export interface ParameterInfo {
  /** Its PyTorch name. */
  readonly name: string;
  /** Its shape in memory: convolution kernels HWIO, linear weights (in, out). Files hold PyTorch's OIHW and (out, in). */
  readonly shape: readonly number[];
  /** `false` for the running statistics of batch norm. */
  readonly trainable: boolean;
}

/**
 * A user's mistake or a fact of the outside world (a missing file, a typo, a full disk): one sentence that names
 * the file and the remedy. The command prints the message without a stack trace.
 */
export class UserError extends Error {
  /** The exit code: 1 could not be done, 2 wrong use. */
  readonly exitCode: 1 | 2;
  /** `exitCode` 2 is for wrong use of the command or a wrong pipeline file; 1 for everything else. */
  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.name = "UserError";
    this.exitCode = exitCode;
  }
}
