import type { DatabaseName, Problem } from "../../types.ts";
import type { Interpolation } from "../interpolate_frames.ts";

/** The settings of {@linkcode prepareDatabases}. */
export interface PrepareOptions {
  /**
   * `"face"`: the face of the onset frame is found, and the whole clip cropped so that its eyes come to fixed places. `"none"`: no face is looked
   * for, the whole frame (or `crop`) is taken: for databases that are cropped and registered already.
   *
   * @default "face"
   */
  readonly align?: "face" | "none";
  /**
   * The part of the frame to keep with `align: "none"`, in fractions of its width and height.
   *
   * @default { left: 0, top: 0, width: 1, height: 1 }
   */
  readonly crop?: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  /**
   * The distance between the centres of the eyes, in parts of the crop's side.
   *
   * @default 0.4
   */
  readonly eyeDistance?: number;
  /**
   * The height of the line through the eyes, from the top, in parts of the crop's side.
   *
   * @default 0.35
   */
  readonly eyeLine?: number;
  /**
   * Faces that the detector is less sure of count as none, 0.3..1.
   *
   * @default 0.5
   */
  readonly leastScore?: number;
  /**
   * The crop's side, pixels.
   *
   * @default 128
   */
  readonly size?: number;
  /**
   * 1 grey, 3 colour.
   *
   * @default 3
   */
  readonly channels?: 1 | 3;
  /**
   * Eulerian magnification: motion in a band of frequencies (Hz) becomes 1 + alpha times as large, in the frames, the clips and the flow. Apices are
   * spotted before. A clip too short to hold a frequency of the band is left out.
   */
  readonly magnify?: { readonly alpha: number; readonly low: number; readonly high: number };
  /**
   * Which apices are spotted: those that the database does not code, all, or none (then the midpoint stands for a missing one).
   *
   * @default "missing"
   */
  readonly spot?: "missing" | "all" | "none";
  /**
   * Whether the frames are written, in the database's own layout.
   *
   * @default true
   */
  readonly images?: boolean;
  /** T: also writes every clip as T frames, `clips/<database>/<subject>/<clip>.npy`, T x size x size x channels. */
  readonly frames?: number;
  /**
   * How T frames are made.
   *
   * @default "linear"
   */
  readonly interpolation?: Interpolation;
  /**
   * TV-L1 flow from onset to apex with its strain: 8-bit pictures as STSTNet reads them, NumPy files of float32 planes, or none.
   *
   * @default "png"
   */
  readonly flow?: "png" | "npy" | "none";
  /**
   * The side of a flow picture, pixels.
   *
   * @default 28
   */
  readonly flowSize?: number;
  /** The official list of the MEGC2019 composite, which gives flow pictures their labels; without it each database's class set does. */
  readonly list?: string;
  /** The coding table of a database, where its folder holds several. */
  readonly tables?: Readonly<Partial<Record<DatabaseName, string>>>;
  /**
   * The folder of what the steps made; it may be deleted at any time between runs.
   *
   * @default ".m2m/prepare"
   */
  readonly cache?: string;
  /**
   * How many clips at once, each in a process of its own.
   *
   * @default 1
   */
  readonly jobs?: number;
  /**
   * Reads every file made before and makes those again whose checksum has changed.
   *
   * @default false
   */
  readonly verify?: boolean;
  /** Ends the run: clips that are done stay. */
  readonly signal?: AbortSignal;
  /** Hears where the run stands. */
  readonly onProgress?: (progress: PrepareProgress) => void;
}

/** Where a run of {@linkcode prepareDatabases} stands. */
export interface PrepareProgress {
  /** Frames done, of those that had to be. */
  readonly done: number;
  /** Frames to do; known from the first call on. */
  readonly total: number;
  /** The clip that has just been done, with its frames; undefined in the first call. */
  readonly clip?: string;
  /** Why it was left out, if it was. */
  readonly leftOut?: string;
}

/** What {@linkcode prepareDatabases} did. */
export interface PrepareReport {
  /** The folder of the results. */
  readonly out: string;
  /** Clips that are there now, of the databases asked for. */
  readonly clips: number;
  /** Of these, clips that were there already and had not changed. */
  readonly unchanged: number;
  /** How many results each step made anew; the others came from the cache. */
  readonly made: Readonly<Record<"face" | "crop" | "magnify" | "apex" | "clip" | "flow", number>>;
  /** Clips that could not be prepared, and why. */
  readonly leftOut: readonly { readonly clip: string; readonly why: string }[];
  /** What is worth knowing of clips that were prepared. */
  readonly notes: readonly { readonly clip: string; readonly note: string }[];
  /** What the readers found odd; a problem with `dropped` cost the clip. */
  readonly problems: readonly (Problem & { readonly database: string })[];
}
