import { type Prediction, UserError } from "../types.ts";

/** The plan that the workers read. */
export const planFile = (run: string): string => `${run}/plan.json`;
/** Held by the run that is at work in a folder. */
export const runLockFile = (run: string): string => `${run}/run.lock`;
/** MaNet of a seed and its maps of the macro clips. */
export const macroFolder = (run: string, seed: number): string => `${run}/macro/seed${seed}`;
/** MaNet of a seed. */
export const macroFile = (run: string, seed: number): string => `${macroFolder(run, seed)}/manet.safetensors`;
/** Whether MaNet of a seed is done: its parameters are written last. */
export const isMacroDone = (run: string, seed: number): Promise<boolean> => exists(macroFile(run, seed));
/** What a fold leaves; there only when the fold is complete. */
export const foldFolder = (run: string, seed: number, fold: string): string =>
  `${run}/folds/seed${seed}/${fold.replace("/", "_")}`;

/** Where a job keeps its state until it is done: beside the folder that it leaves. */
export const unfinishedFolder = (folder: string): string => `${folder}.unfinished`;
/** How long a fold, or MaNet, took: `{"seconds": 12.5}`, in the folder that it leaves. */
export const timingFile = "timing.json";
/** What a fold's row leaves for the report, in the folder of the fold. */
export const insightFile = (folder: string, row: string): string => `${folder}/insight-${row}.safetensors`;
/** The network of a fold's row, where networks are kept. */
export const networkFile = (folder: string, row: string): string => `${folder}/minet-${row}.safetensors`;
/** What a comparison method learned in a fold, where networks are kept. */
export const trainedFile = (folder: string, row: string): string => `${folder}/trained-${row}.safetensors`;
/** z of the macro clips after stage (a), in the plan's order. */
export const macroInsightFile = (run: string, seed: number): string =>
  `${macroFolder(run, seed)}/insight.safetensors`;
/** What a training saw, in a fold's folder and in MaNet's (docs/audit.md). */
export const recordFile = "record.json";
/** The epochs that were best on the test clips, in a fold's folder, under --peek. */
export const peekedFile = "PEEKED.json";

/** How a fold chose its settings, in its folder; at the top of a run, how often each was chosen. */
export const selectionFile = "selection.json";

/** predictions.json of a fold. */
export interface FoldResult {
  /** The fold, as `database/subject`. */
  readonly fold: string;
  /** Predictions of the held-out subject's clips, by row. */
  readonly rows: Readonly<Record<string, readonly Prediction[]>>;
}

/** The result of a fold, if it is complete. */
export async function readFold(run: string, seed: number, fold: string): Promise<FoldResult | undefined> {
  const folder = foldFolder(run, seed, fold);
  try {
    return JSON.parse(await Deno.readTextFile(`${folder}/predictions.json`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new UserError(
      `Cannot read ${folder}/predictions.json: ${
        error instanceof SyntaxError ? "it is damaged" : (error as Error).message
      }; remove ${folder} and run again with --resume.`,
    );
  }
}

/** Whether a path is there. */
export async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
