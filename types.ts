/**
 * What the folders of Macro2Micro share: `losses`, `models`, `data` and `eval` import nothing of each other,
 * and meet in these types. Letters: n batch, T frames, h w height and width, C channels, L classes, s_c intervals.
 *
 * @module
 */
import type { Tensor } from "@tensorflow/tfjs";
import type { z } from "zod";

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
  /** The held-out subject as `database/subject`; the held-out database where a whole one is. */
  readonly name: string;
  /** The held-out subject's database; `*` where groups of subjects of several databases are held out. */
  readonly database: string;
  /** The held-out subject; `*` where more than one is held out. */
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

/** What methods may read of a clip: its frames, two of them, or optical flow. */
export const inputKinds = ["clip", "apex", "flow"] as const;
/** What a method reads of a clip. */
export type InputKind = typeof inputKinds[number];

/** The frames of a clip, onset to offset. */
export interface ClipInput {
  /** What it is. */
  readonly kind: "clip";
  /** T x h x w x C values 0..255, row-major. */
  readonly pixels: Uint8Array;
  /** T, h, w, C. */
  readonly shape: readonly [frames: number, height: number, width: number, channels: number];
}

/** The frames at the onset and at the apex. */
export interface ApexInput {
  /** What it is. */
  readonly kind: "apex";
  /** h x w x C values 0..255, row-major. */
  readonly onset: Uint8Array;
  /** h x w x C values 0..255, row-major. */
  readonly apex: Uint8Array;
  /** h, w, C. */
  readonly shape: readonly [height: number, width: number, channels: number];
}

/** Optical flow and the magnitude of its strain, one map or several in time order. */
export interface FlowInput {
  /** What it is. */
  readonly kind: "flow";
  /** Motion to the right, N x h x w values. */
  readonly u: Float32Array;
  /** Motion downwards, N x h x w values. */
  readonly v: Float32Array;
  /** Magnitude of the optical strain, N x h x w values. */
  readonly strain: Float32Array;
  /** N, h, w. */
  readonly shape: readonly [maps: number, height: number, width: number];
  /**
   * `"pixels"`: u and v in pixels, strain without a unit. `"stored"`: 0..255 as read from 8-bit flow images, each channel stretched for itself,
   * so that neither the sizes of two clips nor where nothing moves can be told.
   */
  readonly unit: "pixels" | "stored";
}

/** The input of each kind. */
export interface MethodInputs {
  /** Frames, onset to offset. */
  readonly clip: ClipInput;
  /** Two frames. */
  readonly apex: ApexInput;
  /** Optical flow. */
  readonly flow: FlowInput;
}

/** Which input a method reads, and how it is made. Numbers and size of frames are the pipeline's (`clip`). */
export type InputNeed<Kind extends InputKind = InputKind> = {
  readonly clip: { readonly kind: "clip"; /** 1 grey, 3 colour. */ readonly channels: 1 | 3 };
  readonly apex: { readonly kind: "apex"; /** 1 grey, 3 colour. */ readonly channels: 1 | 3 };
  readonly flow: {
    readonly kind: "flow";
    /** `"apex"`: one map, from the onset to the apex. `"each"`: T - 1 maps, from each frame to the next. */
    readonly maps: "apex" | "each";
    /** Which units the method can work with; `"stored"` allows a folder of flow images. */
    readonly units: readonly FlowInput["unit"][];
  };
}[Kind];

/** Where a method comes from. */
export interface Citation {
  /** Family names of the authors. */
  readonly authors: readonly string[];
  /** The title of the paper. */
  readonly title: string;
  /** The journal or the conference. */
  readonly venue: string;
  /** The year in which it came out. */
  readonly year: number;
}

/** Numbers that a method makes of one clip, whatever the fold: the descriptor, or what a network reads. Of one length for all clips. */
export type Features = Float32Array | Uint8Array;

/** A clip to train on. */
export interface MethodSample extends ClipIdentity {
  /** Index into the task's class names. */
  readonly classIndex: number;
  /** What the method's `describe` made of it. */
  readonly features: Features;
  /** Who it is of, where subjects of several names are one person: splits within the training clips keep them together. @default `database/subject` */
  readonly person?: string;
}

/** What a method says of a clip. */
export interface MethodOutput {
  /** The predicted class. */
  readonly prediction: number;
  /** One probability for each class, where the method has them; the predicted class has the largest, the first of equal ones. */
  readonly probabilities?: readonly number[];
}

/** A step of training, for progress and the history. */
export interface MethodStep {
  /** From 1. */
  readonly step: number;
  /** The last one. */
  readonly steps: number;
  /** Losses, accuracies, chosen settings: a column of the history each. */
  readonly values: Readonly<Record<string, number>>;
}

/** The settings of {@linkcode Method.train}. */
export interface MethodTrainOptions<Trained = unknown> {
  /**
   * Hears every step; training waits for it. `now` is what is trained so far, where a step leaves something that predicts: it belongs to the
   * training, and is good until the step is over.
   */
  onStep?(step: MethodStep, now?: Trained): Promise<void>;
}

/** What a report shows of a clip beside its class. */
export interface Explanation {
  /** The features before the classifier. */
  readonly z: Float32Array;
  /** Where the predicted class was seen: Grad-CAM on the apex frame or on the flow, (h', w'). */
  readonly apex: { readonly shape: readonly number[]; readonly values: Float32Array };
}

/**
 * A method with its settings fixed: how clips become features, how features train a classifier, how that predicts. Equal samples and seeds give
 * equal results. `Trained` belongs to the caller, who disposes it.
 */
export interface Method<Kind extends InputKind = InputKind, Trained = unknown> {
  /** Names everything that `describe` depends on beside the input: features are kept under it and the input's content. */
  readonly describedBy: string;
  /**
   * The features of one clip. It sees nothing else, so it is the same in all folds.
   *
   * @throws {RangeError} If the input is too small for the settings, or of another unit or number of channels than the method reads.
   */
  describe(input: MethodInputs[Kind]): Features;
  /** How many steps `train` reports: epochs, or settings that are tried. */
  readonly steps: number;
  /** How many of them are an epoch over so many clips. Absent where a step leaves nothing that predicts. */
  readonly stepsPerEpoch?: (clips: number) => number;
  /**
   * Trains on clips, of however few classes. Choices of settings are made within them, subjects apart.
   *
   * @throws {RangeError} If there is no clip, features differ in length, or a class is not among the task's.
   */
  train(
    samples: readonly MethodSample[],
    seed: number,
    options?: MethodTrainOptions<Trained>,
  ): Promise<Trained>;
  /**
   * Predicts a clip that was described by the same settings.
   *
   * @throws {RangeError} If the features are not of the length that was trained on.
   */
  predict(trained: Trained, features: Features): MethodOutput;
  /** What a report shows of a clip, where the method has it. */
  explain?(trained: Trained, features: Features): Explanation;
  /** A safetensors file; equal training gives equal bytes. */
  save(trained: Trained): Promise<Uint8Array>;
  /**
   * What `save` kept: it predicts the same.
   *
   * @throws {UserError} If the bytes are not of this method.
   */
  load(bytes: Uint8Array): Trained;
  /** Frees tensors, if there are any. */
  dispose(trained: Trained): void;
}

/**
 * A comparison method: its paper, what it reads, its settings with the paper's values as defaults, and how it is made from them. Every
 * definition passes `tests/models/_method_contract.ts`.
 */
export interface MethodDefinition<
  Settings extends z.ZodObject = z.ZodObject,
  Kind extends InputKind = InputKind,
  Trained = unknown,
> {
  /** As pipelines name it: `lbp-top`. */
  readonly name: string;
  /** As tables name it: LBP-TOP. */
  readonly title: string;
  /** Its paper. */
  readonly citation: Citation;
  /** What it reads. */
  readonly input: InputNeed<Kind>;
  /** The schema of the settings: where the paper is silent, a setting's description says so. */
  readonly settings: Settings;
  /** Settings that `m2m run --small` puts in place of the pipeline's, so that a fold takes a second. */
  readonly small: z.input<Settings>;
  /** The method for a task of so many classes. */
  create(settings: z.output<Settings>, classes: number): Method<Kind, Trained>;
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
