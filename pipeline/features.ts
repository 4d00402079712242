import { readCachedClip } from "../data/mod.ts";
import { readSafetensors, writeSafetensors } from "../models/mod.ts";
import {
  type Clip,
  type Features,
  type LabelledImage,
  type Method,
  type MethodDefinition,
  UserError,
} from "../types.ts";
import { comparisonMethod } from "./check_method.ts";
import { methodInput, storedFlow } from "./method_input.ts";
import { pretrainedFile } from "./pretrained_file.ts";
import type { PlanClip } from "./plan.ts";
import { exists } from "./run_folder.ts";
import type { Pipeline } from "./schema.ts";
import { sha256 } from "../sha256.ts";
import { writeWhole } from "./write_whole.ts";

/** Changes when the same clip and method would come to other inputs. */
const version = "features 1";

/**
 * The comparison method of a pipeline, made of its settings.
 *
 * @param data The folder of the databases, where the method is to train.
 */
export function methodOfPipeline(pipeline: Pipeline, classes: number, data?: string): {
  definition: MethodDefinition;
  method: Method;
} {
  const definition = comparisonMethod(pipeline.method) as MethodDefinition;
  const pretrained = data === undefined ? undefined : pretrainedFile(pipeline, data);
  const settings = { ...pipeline.methodSettings, ...(pretrained ? { pretrained } : {}) };
  return { definition, method: definition.create(definition.settings.parse(settings), classes) };
}

/**
 * Makes the features of a clip unless they are there, and gives their file. Its name is a hash of the clip's pixels and of all that the method's
 * `describe` depends on, so that equal clips share it and nothing is ever stale.
 *
 * @param folder The cache.
 * @param image The clip's flow image, where the pipeline reads these.
 */
export async function keepFeatures(
  pipeline: Pipeline,
  clip: PlanClip,
  folder: string,
  image?: LabelledImage,
): Promise<string> {
  const { definition, method } = methodOfPipeline(pipeline, 1);
  const { kind, ...need } = definition.input;
  const content = image ?? readCachedClip(clip.file, pipeline.clip);
  const bytes = "apex" in content ? [content.pixels, content.apex] : [content.pixels];
  const facts = JSON.stringify([version, method.describedBy, kind, need, content.shape, image !== undefined]);
  const file = `${folder}/${sha256(new TextEncoder().encode(facts), ...bytes)}.features`;
  if (await exists(file)) return file;
  const features = method.describe(inputOf(definition, content));
  await writeWhole(file, writeSafetensors({ features: { shape: [features.length], data: features } }));
  return file;
}

function inputOf({ input }: MethodDefinition, content: Clip | LabelledImage) {
  return "apex" in content ? methodInput(input, content) : storedFlow(content);
}

/**
 * The checksum that the record of a training has for the features of a clip or flow image: made anew, without the cache.
 */
export function describedChecksum(
  pipeline: Pipeline,
  content: Clip | LabelledImage,
): string {
  const { definition, method } = methodOfPipeline(pipeline, 1);
  const features = method.describe(inputOf(definition, content));
  return sha256(new Uint8Array(features.buffer, features.byteOffset, features.byteLength));
}

/** The features of a file that `keepFeatures` made. */
export async function readFeatures(file: string): Promise<Features> {
  const bytes = await Deno.readFile(file).catch((error) => {
    throw new UserError(`Cannot read the features ${file}: ${error.message}; run again to make them anew.`);
  });
  const data = readSafetensors(bytes, { file }).tensors.get("features")?.data;
  if (data instanceof Float32Array || data instanceof Uint8Array) return data;
  throw new UserError(`Cannot read the features ${file}: they are damaged; delete the file and run again.`);
}
