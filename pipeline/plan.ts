import type { Fold } from "../types.ts";
import type { LabelSource } from "./read_samples.ts";
import type { Preparation } from "./preparation.ts";
import type { Pipeline } from "./schema.ts";

/** A clip as a worker needs it: who it is, its class, where its pixels are cached. */
export interface PlanClip {
  readonly database: string;
  readonly subject: string;
  readonly clip: string;
  /** Index into the plan's classes. */
  readonly classIndex: number;
  /** The cached pixels (a file of the clip cache), or the flow image. */
  readonly file: string;
  /** What a comparison method made of it: a file of the cache. */
  readonly features?: string;
}

/** All that a worker process needs to train a fold: written once by the parent as plan.json. */
export interface Plan {
  readonly pipeline: Pipeline;
  /** The class names. */
  readonly classes: readonly string[];
  /** The engine by name, resolved. */
  readonly engine: string;
  /** The folder of the databases. */
  readonly data: string;
  /** What the classes were taken from, by what it said then. */
  readonly labels: readonly LabelSource[];
  /** The clips that are trained on and tested, sorted; the folds' indices point here. */
  readonly micro: readonly PlanClip[];
  /** Macro-expression clips with the label map applied. */
  readonly macro: readonly PlanClip[];
  /** The folds of the protocol. */
  readonly folds: readonly Fold[];
  /** Whether the best epoch on the test clips is recorded beside the last one (--peek). */
  readonly peek?: true;
  /** How the micro-expression databases had been prepared, if `m2m data prepare` made them. */
  readonly preparation?: Preparation;
  /** ImageNet weights, resolved, if the pipeline names any. */
  readonly pretrained?: string;
}
