import type { Interpolation } from "../interpolate_frames.ts";

/** The settings of a run with every default filled in; what is in the manifest and, step by step, in the keys. */
export interface Settings {
  readonly size: number;
  readonly channels: 1 | 3;
  readonly align:
    | {
      readonly kind: "face";
      readonly eyeDistance: number;
      readonly eyeLine: number;
      readonly leastScore: number;
    }
    | {
      readonly kind: "none";
      /** The part of the frame to keep, in fractions of its width and height. */
      readonly crop: {
        readonly left: number;
        readonly top: number;
        readonly width: number;
        readonly height: number;
      };
    };
  /** Eulerian magnification of motion in a band of frequencies, Hz. */
  readonly magnify: { readonly alpha: number; readonly low: number; readonly high: number } | null;
  readonly spot: "missing" | "all" | "none";
  readonly clips: { readonly frames: number; readonly interpolation: Interpolation } | null;
  readonly flow: { readonly format: "png" | "npy"; readonly size: number } | null;
  readonly images: boolean;
}

/** Versions of the steps: raised when the same settings and inputs would give other bytes. */
export const stepVersions = { face: 2, crop: 3, magnify: 1, apex: 1, clip: 1, flow: 1 } as const;

/** What the process of a run tells its workers first. */
export interface Assignment {
  readonly settings: Settings;
  /** The folder of the results. */
  readonly out: string;
  /** The folder of the steps' results. */
  readonly cache: string;
}
