import type { Interpolation } from "../data/interpolate_frames.ts";
import type { FinalSize } from "../data/resample/bring_to_size.ts";
import type { Clip } from "../types.ts";

/** How a clip is brought to what a network reads. */
export interface ClipForm extends FinalSize {
  /** T. */
  readonly frames: number;
  /** How T frames are made. */
  readonly interpolation?: Interpolation;
}

/** How frames become crops: as `m2m data prepare` did with the clips that a model learned from. */
export type Alignment =
  | {
    readonly kind: "face";
    /** Between the centres of the eyes, in parts of the crop's side. */
    readonly eyeDistance: number;
    /** From the top to the line through the eyes, in parts of the crop's side. */
    readonly eyeLine: number;
    /** Faces that the detector is less sure of count as none. */
    readonly leastScore: number;
    /** The crop's side, pixels. */
    readonly size: number;
  }
  | {
    readonly kind: "none";
    /** The part of the frame that was kept. */
    readonly crop?: NonNullable<FinalSize["crop"]>;
    /** The side that frames were brought to when they were prepared; without it they were not prepared. */
    readonly size?: number;
  };

/** How the frames of the clips that a model learned from had been prepared. */
export interface Preparing {
  /** How frames became crops. */
  readonly align: Alignment;
  /** Crops were grey. */
  readonly grey?: boolean;
  /** Motion was magnified in a band of frequencies, Hz. */
  readonly magnify?: { readonly alpha: number; readonly low: number; readonly high: number };
}

/** What of a model is needed to predict frames; `loadModel` gives one. */
export interface ClipModel {
  /** What it says of itself. */
  readonly description: {
    readonly classes: readonly string[];
    readonly clip: ClipForm;
    readonly preparation: Preparing;
  };
  /** Predicts a clip of `description.clip`'s form. */
  predict(clip: Clip): ClipAnswer | Promise<ClipAnswer>;
}

/** What a model says of a clip. */
export interface ClipAnswer {
  /** Index into the classes. */
  readonly class: number;
  /** Its name. */
  readonly label: string;
  /** One for each class. */
  readonly probabilities: readonly number[];
  /** One for each class. */
  readonly logits: readonly number[];
}
