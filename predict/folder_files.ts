import { exists } from "../pipeline/run_folder.ts";
import { UserError } from "../types.ts";
import { describeRun, type RunModelOptions } from "./describe_run.ts";
import type { ModelFiles } from "./model_files.ts";

/**
 * The files of a model in a folder: an exported one's, or those that a run's folder would have as a model.
 *
 * @throws {UserError} If there is no such folder, or it is neither.
 */
export async function folderFiles(folder: string, options: RunModelOptions = {}): Promise<ModelFiles> {
  const path = folder.replace(/\/+$/, "") || "/";
  const info = await Deno.stat(path).catch(() => undefined);
  if (!info?.isDirectory) {
    throw new UserError(
      `Cannot load a model from ${folder}: there is no folder of that name; name a run, or a folder that m2m export or m2m train-final made.`,
    );
  }
  const read = async (name: string) => {
    return await Deno.readFile(`${path}/${name}`).catch((error) => {
      throw new UserError(
        error instanceof Deno.errors.NotFound
          ? `Cannot load ${path}/${name}: it is missing; copy the whole folder, or export the model again.`
          : `Cannot load ${path}/${name}: ${error.message}; export the model again.`,
      );
    });
  };
  if (await exists(`${path}/model.json`)) return read;
  if (!(await exists(`${path}/run.json`))) {
    throw new UserError(
      `Cannot load a model from ${folder}: it has neither model.json nor run.json; name a run, or a folder that m2m export or m2m train-final made.`,
    );
  }
  const description = new TextEncoder().encode(JSON.stringify(await describeRun(path, options)));
  return (name) => name === "model.json" ? Promise.resolve(description) : read(name);
}
