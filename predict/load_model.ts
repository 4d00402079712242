import { UserError } from "../types.ts";
import type { ModelFiles } from "./model_files.ts";
import { loadModelFiles, type TrainedModel } from "./trained_model.ts";

/** The settings of {@linkcode loadModel}. */
export interface LoadModelOptions {
  /** One network of an ensemble by its name: the fold, such as `casme2/sub05`. @default all of them, as an ensemble */
  readonly member?: string;
  /** Of a run folder: the row of the ablation. @default the last one, which is the full method */
  readonly row?: string;
  /** Of a run folder: the seed. @default the first one */
  readonly seed?: number;
}

/**
 * Loads a trained model: the networks of a run that kept them, as an ensemble or one by its fold, or a folder that `m2m export` or
 * `m2m train-final` made. An ensemble's probabilities are the mean of its members'; all members are in memory at the same time.
 *
 * The tensor engine must have been started. In a browser give an URL or a function that gives files by name; bundlers take `loadModelFiles`.
 *
 * @param source A folder; the URL of an exported model's folder; or what gives its files.
 * @throws {UserError} If there is no model, the run kept no networks, a file is damaged, or there is no such member, row or seed.
 *
 * @example
 * ```ts
 * import { startEngine } from "@macro2micro/mer/engine";
 * import { loadModel } from "@macro2micro/mer/predict";
 * import { assertRejects } from "@std/assert";
 *
 * await startEngine("cpu", { say: () => {} });
 * await assertRejects(() => loadModel("no/such/folder"), Error, "there is no folder");
 * ```
 */
export async function loadModel(
  source: string | URL | ModelFiles,
  options: LoadModelOptions = {},
): Promise<TrainedModel> {
  const { member, ...ofRun } = options;
  const name = typeof source === "function" ? "the model" : `${source}`;
  const files = typeof source === "string"
    ? await (await import("./folder_files.ts")).folderFiles(source, ofRun)
    : typeof source === "function"
    ? source
    : urlFiles(source);
  return await loadModelFiles(files, { name, ...(member === undefined ? {} : { member }) });
}

function urlFiles(folder: URL): ModelFiles {
  const base = folder.href.replace(/\/*$/, "/");
  return async (name) => {
    const url = new URL(name, base);
    const response = await fetch(url).catch((error) => {
      throw new UserError(
        `Cannot load ${url}: ${(error as Error).message}; name the URL of an exported model's folder.`,
      );
    });
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    await response.body?.cancel();
    throw new UserError(
      `Cannot load ${url}: the server answers ${response.status}; name the URL of an exported model's folder.`,
    );
  };
}
