/// <reference lib="dom" />
// What the page and its worker tell each other.
import type { FramesPrediction, WindowPrediction } from "../../predict/results.ts";

/** An RGB picture in memory, row-major. */
export interface Rgb {
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** A frame of the camera. */
export interface CameraFrame extends Rgb {
  /** When it was taken, seconds. */
  readonly time: number;
}

/** Where frames come from. */
export type ClipInput =
  | { readonly kind: "video"; readonly file: File }
  | { readonly kind: "images"; readonly files: readonly File[]; readonly fps: number }
  | { readonly kind: "camera"; readonly frames: readonly CameraFrame[] };

/** What the page asks. */
export type Question =
  | { readonly kind: "start"; readonly base: string }
  | { readonly kind: "look"; readonly input: ClipInput }
  | { readonly kind: "show"; readonly index: number }
  | { readonly kind: "stop" };

/** What is known of the model and its engine. */
export interface Ready {
  readonly name: string;
  readonly classes: readonly string[];
  /** One line: what it reads. */
  readonly reads: string;
  /** Whether its networks were tested on people that they had not seen. */
  readonly evaluated: boolean;
  /** What is to be known before its answers are believed. */
  readonly note: string;
  /** How many networks answer together. */
  readonly networks: number;
  /** Which engine runs. */
  readonly engine: string;
}

/** What a model says of one face in one window. */
export interface Seen {
  /** Position among all of this input. */
  readonly index: number;
  readonly face: number;
  readonly window: WindowPrediction;
}

/** The pictures of one window, encoded. */
export interface Pictures {
  readonly index: number;
  /** The window's first frame, perhaps smaller, and its size in the input. */
  readonly frame: { readonly image: Blob; readonly width: number; readonly height: number } | undefined;
  /** The crops at onset and apex, as they were cut out. */
  readonly onset: Blob;
  readonly apex: Blob;
  /** What moved between them, as colour; the full colour moves by `greatest` pixels of the crop. */
  readonly flow: Blob;
  readonly greatest: number;
  /** The saliency over the crop at the apex; a map of `cells` x `cells`. */
  readonly saliency: Blob;
  readonly cells: number;
  /** Whether the map is of the apex frame; otherwise the mean over all frames. */
  readonly ofApex: boolean;
  /** The side of the crops, pixels. */
  readonly side: number;
}

/** What the worker tells. */
export type Answer =
  | { readonly kind: "ready"; readonly ready: Ready }
  | { readonly kind: "progress"; readonly text: string; readonly part: number | undefined }
  | { readonly kind: "seen"; readonly seen: Seen }
  | {
    readonly kind: "done";
    readonly input: string;
    readonly result: Omit<FramesPrediction, "faces">;
    readonly peaks: readonly { readonly face: number; readonly from: number }[];
    readonly ms: number;
  }
  | { readonly kind: "pictures"; readonly pictures: Pictures }
  | { readonly kind: "problem"; readonly text: string; readonly fatal: boolean };
