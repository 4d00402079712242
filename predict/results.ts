/** A frame of the input that something happens at. */
export interface Moment {
  /** As the user counts: frames of a video from 1; the number in an image's name where all have one. */
  readonly frame: number;
  /** Seconds since the beginning. */
  readonly time: number;
}

/** What a model says of one face in one window. */
export interface WindowPrediction {
  /** The window's first frame: the crop is placed by the face in it, and serves the whole window. */
  readonly from: Moment;
  /** The window's last frame. */
  readonly to: Moment;
  /** Where the clip that was predicted begins. */
  readonly onset: Moment;
  /** Its apex. */
  readonly apex: Moment;
  /** Where it ends. */
  readonly offset: Moment;
  /** Which of the three were spotted; the others were given, or are the window's ends. */
  readonly spotted: readonly ("onset" | "apex" | "offset")[];
  /**
   * How much moves: grey levels (0..255), the mean over the crop of what neither a small motion of the whole head nor a change of light explains between the window's
   * first frame and the apex. The camera's noise counts too, so it says something only beside other windows of the same video.
   */
  readonly motion: number;
  /**
   * How much of the motion comes and goes within the window, grey levels: over the higher of what is left before and after the apex. A movement under way at the window's beginning or end
   * counts little here, and in a window beside it more.
   */
  readonly brief: number;
  /** Whether a brief motion stands out among the face's windows and from its neighbours. It is no proof of an expression: spotting is not detection. */
  readonly peak: boolean;
  /** Index into the model's classes. */
  readonly class: number;
  /** Its name. */
  readonly label: string;
  /** One for each class. */
  readonly probabilities: readonly number[];
  /** What the probabilities are made of (of several networks, the mean). */
  readonly logits: readonly number[];
  /** Where the face is in the window's first frame; null where the model takes whole frames. */
  readonly place: FacePlace | null;
}

/** Where a face is in a frame, pixels. */
export interface FacePlace {
  /** The detector's box. */
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  /** Centres of the eyes: the one on the face's right side first (the picture's left, if it is upright). */
  readonly eyes: readonly [readonly [x: number, y: number], readonly [x: number, y: number]];
  /** How sure the detector is, 0..1. */
  readonly score: number;
}

/** A face and its windows, in time order. */
export interface FacePrediction {
  /** From 1, left to right in the frame where they come into sight; 1 for the whole frame. */
  readonly face: number;
  /** Its windows. */
  readonly windows: readonly WindowPrediction[];
}

/** What was found in a stream of frames. */
export interface FramesPrediction {
  /** Frames that were read. */
  readonly frames: number;
  /** From the first frame to the last, seconds. */
  readonly seconds: number;
  /** Columns of a frame. */
  readonly width: number;
  /** Rows of a frame. */
  readonly height: number;
  /** The shortest and the longest time between two frames, seconds; 0 of a single frame. */
  readonly spacing: readonly [shortest: number, longest: number];
  /** Whether the input was one clip, not cut into windows. */
  readonly single: boolean;
  /** Faces that were found. */
  readonly faces: readonly FacePrediction[];
  /** What is worth knowing, sentences. */
  readonly notes: readonly string[];
}
