import type { Prediction } from "../../types.ts";
import type { PublishedTask } from "../published/published_results.ts";

/** Something that a reader must know before any figure. */
export interface ReportMark {
  /**
   * `synthetic`: not real faces; `small`: shrunk for a test; `incomplete`: folds are missing; `shuffled`: trained on shuffled labels; `peeked`: the
   * best epoch was chosen on the test subject. The last three are marked on the whole page.
   */
  readonly kind: "synthetic" | "small" | "incomplete" | "shuffled" | "peeked";
  /** A sentence. */
  readonly text: string;
}

/** What a row of a pipeline predicted under a seed. */
export interface ReportRow {
  /** The row's short name. */
  readonly row: string;
  /** Its name in tables. */
  readonly title: string;
  /** The seed. */
  readonly seed: number;
  /** Pooled over folds. */
  readonly predictions: readonly Prediction[];
}

/** A line of a history: the losses and accuracies of a step, or their means over some. */
export interface HistoryLine {
  /** `macro`, `micro`, `guided`, or a method's own. */
  readonly stage: string;
  /** From 1. */
  readonly step: number;
  /** By name. */
  readonly values: Readonly<Record<string, number>>;
}

/** How a training went. */
export interface ReportHistory {
  /** The row's short name; empty for what all rows share. */
  readonly row: string;
  /** The lines, stage by stage. */
  readonly lines: readonly HistoryLine[];
}

/** A clip's features z. */
export interface ReportFeatures {
  /** Its name, `database/subject/clip`. */
  readonly name: string;
  /** Its database and subject, which neighbours must not share. */
  readonly subject: string;
  /** Its class. */
  readonly classIndex: number;
  /** `macro`: MaNet's of a macro clip; `before` and `after`: MiNet's of a held-out clip before and after the guidance. */
  readonly group: "macro" | "before" | "after";
  /** z. */
  readonly z: Float32Array;
}

/** A small map of numbers, row-major: h, w, or T, h, w. */
export interface ReportGrid {
  /** h, w; or T, h, w. */
  readonly shape: readonly number[];
  /** The values, not negative. */
  readonly values: Float32Array;
}

/** What is drawn of a clip. */
export interface ReportPicture {
  /** Grad-CAM on the apex frame or the flow image. */
  readonly apex?: ReportGrid;
  /** Grad-CAM on every frame. */
  readonly frames?: ReportGrid;
  /** The picture below it, a data URI: the apex frame, where faces may be shown, or the flow. */
  readonly image?: string;
  /** What that picture is, in words. */
  readonly imageOf?: string;
}

/** A run as a report shows it: plain data, whoever made it. */
export interface ReportRun {
  /** Its name. */
  readonly name: string;
  /** What it is for. */
  readonly description?: string;
  /** What must be known first. */
  readonly marks: readonly ReportMark[];
  /** The class names. */
  readonly classes: readonly string[];
  /** How it was evaluated, a sentence. */
  readonly protocol: string;
  /** Folds that are done, and planned. */
  readonly folds: { readonly done: number; readonly planned: number };
  /** Every row and seed, in order; the last row's first seed stands at the top. */
  readonly rows: readonly ReportRow[];
  /** Under --peek: the same rows and seeds with the epochs that were best on the test clips. No results. */
  readonly peeked?: readonly ReportRow[];
  /** Histories of every fold and seed. */
  readonly histories: readonly ReportHistory[];
  /** s_c, whose inverse is the chance of C_s. */
  readonly intervals: number;
  /** Features of the row and seed at the top. */
  readonly features: readonly ReportFeatures[];
  /** Pictures of the row and seed at the top, by `database/subject/clip`. */
  readonly pictures: ReadonlyMap<string, ReportPicture>;
  /** Whether the pictures show faces. */
  readonly faces: boolean;
  /** Engine, versions, command, time: name and value. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** The resolved pipeline. */
  readonly yaml: string;
  /** The resolved pipeline's settings: path and value. */
  readonly settings: readonly (readonly [path: string, value: string])[];
  /** Sentences about the licences of the databases. */
  readonly licences: readonly string[];
  /** The task that papers print results on, where it is one. */
  readonly task?: PublishedTask;
}

/** The row and seed that stand at the top of a run. */
export function topRow(run: ReportRun): ReportRow {
  const row = run.rows.at(-1)!.row;
  return run.rows.find((entry) => entry.row === row)!;
}
