import type { Sample } from "../../types.ts";

/** What a worker is to do with a clip. */
export interface Task {
  readonly sample: Sample;
  /** Paths in the manifest are relative to this: the database's own folder. */
  readonly root: string;
  /** Positions of the first and last frame that are kept. */
  readonly first: number;
  readonly last: number;
  /** Where the frames go, below the results' folder; none if they are not wanted. */
  readonly images: readonly string[];
  /** Where the interpolated clip goes, if wanted. */
  readonly clip?: string;
  /** Where the flow goes, if wanted, and its line of the manifest. */
  readonly flow?: FlowEntry;
  /** Digest of settings, inputs' sizes and times, and paths: equal to the record's if nothing has to be done. */
  readonly state: string;
  /** The record's file. */
  readonly record: string;
}

/** A line of the manifest of flow pictures. */
export interface FlowEntry {
  readonly file: string;
  readonly database: string;
  readonly subject: string;
  readonly clip: string;
  readonly label: number;
}

/** A file with its checksum. */
export interface Written {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What was made of a clip and from what; kept below `.prepare/` of the results, and in the manifest. */
export interface ClipRecord {
  readonly database: string;
  readonly subject: string;
  readonly clip: string;
  readonly label: string;
  /** The frames (or the video) that were read, relative to the database's folder. */
  readonly inputs: readonly Omit<Written, "bytes">[];
  /** The face that the crop was aligned by; null where none was looked for. */
  readonly face: {
    readonly score: number;
    readonly turned: 0 | 90 | 180 | 270;
    readonly eyes: readonly (readonly number[])[];
  } | null;
  /** From a pixel of the crop to the frame: x = xx X + xy Y + x0, y = yx X + yy Y + y0. */
  readonly placement: Readonly<Record<"xx" | "xy" | "x0" | "yx" | "yy" | "y0", number>>;
  /** The apex: its position among the clip's frames, the number in its file's name, how it is known. */
  readonly apex: {
    readonly position: number;
    readonly frame: number;
    readonly origin: "coded" | "midpoint" | "spotted";
  };
  readonly outputs: readonly Written[];
  /** The clip's line of the manifest of flow pictures. */
  readonly flow: FlowEntry | null;
  /** What is worth knowing, one sentence each. */
  readonly notes: readonly string[];
  readonly state: string;
}

/** What a worker says of a clip. */
export type Report =
  | {
    readonly type: "done";
    readonly made: Readonly<Record<string, number>>;
    readonly notes: readonly string[];
  }
  | { readonly type: "left out"; readonly message: string }
  | { readonly type: "broken"; readonly message: string; readonly mistake: boolean };
