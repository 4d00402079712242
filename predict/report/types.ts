import type { FilePrediction } from "../predict_file.ts";

/** What the outputs say of the model. */
export interface ModelFacts {
  /** The run or model folder, as it was named. */
  readonly run: string;
  /** The model's name. */
  readonly name: string;
  /** Which network answers: a fold's name, or how many answer together. */
  readonly member: string;
  /** The classes, in the order of the probabilities. */
  readonly classes: readonly string[];
  /** Whether this very model was tested on subjects that it did not learn from. */
  readonly evaluated: boolean;
  /** What is known of its scores, one sentence. */
  readonly note: string;
}

/** An input that could not be predicted. */
export interface FailedInput {
  /** As it was named. */
  readonly input: string;
  /** Why, one sentence. */
  readonly error: string;
}

/** What `m2m predict --json` prints. */
export interface PredictionReport {
  /** The model that answered. */
  readonly model: ModelFacts;
  /** Seconds. */
  readonly settings: { readonly window: number; readonly step: number };
  /** In the order of the command line. */
  readonly inputs: readonly (FilePrediction | FailedInput)[];
}

/** Whether an input failed. */
export function failed(input: FilePrediction | FailedInput): input is FailedInput {
  return "error" in input;
}
