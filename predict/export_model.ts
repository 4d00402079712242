import { writeWhole } from "../pipeline/write_whole.ts";
import { sha256 } from "../sha256.ts";
import { UserError } from "../types.ts";
import { folderFiles } from "./folder_files.ts";
import type { LoadModelOptions } from "./load_model.ts";
import { type ModelDescription, readModelDescription } from "./model_description.ts";
import type { ModelFiles } from "./model_files.ts";
import { membersOf } from "./members_of.ts";

/**
 * Writes a model as a folder that stands on its own: `model.json`, each network as safetensors with PyTorch's names and layout, and
 * `load_minet.py`, which is the same model in PyTorch. `loadModel`, `m2m predict` and the inspector's page read the same folder.
 *
 * @param source A run's folder or a model's.
 * @param out A new or an empty folder.
 * @returns The description as written.
 * @throws {UserError} As `loadModel`, and if `out` holds something or cannot be written.
 *
 * @example
 * ```ts
 * import { exportModel } from "@macro2micro/mer/predict";
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(() => exportModel("no/such/run", "out"), Error, "there is no folder");
 * ```
 */
export async function exportModel(
  source: string,
  out: string,
  { member, ...ofRun }: LoadModelOptions = {},
): Promise<ModelDescription> {
  const files = await folderFiles(source, ofRun);
  const whole = readModelDescription(await files("model.json"), `${source}'s model.json`);
  const description = { ...whole, members: membersOf(whole, member, source) };
  await refuseUnlessEmpty(out);
  return await writeModel(description, files, out);
}

/** Writes a model's folder, `model.json` last: its presence says that the model is whole. */
export async function writeModel(
  description: ModelDescription,
  files: ModelFiles,
  out: string,
): Promise<ModelDescription> {
  const members: ModelDescription["members"][number][] = [];
  for (const { name, file, sha256: expected } of description.members) {
    const bytes = await files(file);
    const found = sha256(bytes);
    if (found !== expected) {
      throw new UserError(
        `Cannot export ${file}: its SHA-256 is ${found} instead of ${expected}; copy the run again, or train the fold again with --resume.`,
      );
    }
    const own = `${name.replaceAll("/", "_")}.safetensors`;
    await writeWhole(`${out}/${own}`, bytes);
    members.push({ name, file: own, sha256: found });
  }
  const loader = await fetch(new URL("./python/load_minet.py", import.meta.url));
  await writeWhole(`${out}/load_minet.py`, await loader.text());
  const written = { ...description, members };
  await writeWhole(`${out}/model.json`, JSON.stringify(written, null, 2) + "\n");
  return written;
}

async function refuseUnlessEmpty(out: string): Promise<void> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(out)) names.push(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw new UserError(`Cannot export into ${out}: ${(error as Error).message}; give another with --out.`);
  }
  if (names.length === 0) return;
  throw new UserError(
    `Cannot export into ${out}: the folder holds something else (${
      names.sort()[0]
    }); give an empty or a new one.`,
    2,
  );
}
