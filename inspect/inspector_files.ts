import { documentOf } from "./_document.ts";
import { packageFile } from "./_package_file.ts";
import { scripts } from "./_scripts.ts";
import { style } from "./_style.ts";
import { type ModelChoice, modelFiles } from "./_model_files.ts";

/** The files of a page by their names within its folder (`index.html`, `engine/...`, `faces/...`, `model/...`). */
export type InspectorFiles = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** Options of {@linkcode inspectorFiles}. */
export interface InspectorFilesOptions extends ModelChoice {
  /**
   * Where the page's programs are kept once they are made.
   *
   * @default {".m2m/inspect"}
   */
  readonly cache?: string;
}

const engine = "@tensorflow/tfjs-backend-wasm/dist/";
const faces = "@vladmandic/face-api/model/";

/**
 * Everything that the inspector's page of a model consists of: its programs, the engine, the networks that find faces, and the model. It needs nothing else.
 *
 * @param model A run, or a folder that `m2m export` or `train-final` wrote.
 * @param options
 * @throws {UserError} if there is no model, or the page's programs cannot be made.
 */
export async function inspectorFiles(
  model: string,
  options: InspectorFilesOptions = {},
): Promise<InspectorFiles> {
  const { cache = ".m2m/inspect", ...choice } = options;
  const own = await modelFiles(model, choice), text = (value: string) => new TextEncoder().encode(value);
  const files = new Map<string, Uint8Array<ArrayBuffer>>([
    ["index.html", text(documentOf(own.name))],
    ["style.css", text(style)],
  ]);
  for (const [name, bytes] of Object.entries(await scripts(cache))) files.set(name, bytes);
  for (const name of ["tfjs-backend-wasm-simd.wasm", "tfjs-backend-wasm.wasm"]) {
    files.set(`engine/${name}`, await packageFile(engine + name));
  }
  if (own.needsFaces) {
    for (const network of ["ssd_mobilenetv1_model", "face_landmark_68_model"]) {
      for (const name of [`${network}-weights_manifest.json`, `${network}.bin`]) {
        files.set(`faces/${name}`, await packageFile(faces + name));
      }
    }
  }
  for (const [name, bytes] of own.files) files.set(`model/${name}`, bytes);
  return files;
}
