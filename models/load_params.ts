import * as tf from "@tensorflow/tfjs";
import { type Model, type ParameterInfo, type Params, UserError } from "../types.ts";
import type { SafeTensorData } from "./_dtypes.ts";
import { fileShape, fromFileOrder } from "./_layout.ts";
import { readSafetensors } from "./read_safetensors.ts";

/** How parameters are found in a file. */
export interface LoadParamsOptions {
  /**
   * Load only the parameters whose names begin so, from a file that has them without it: `"spatial."` fills a stream
   * of `twoStream` from a plain ResNet18. @default {""}
   */
  readonly prefix?: string;
  /** Whether missing and unexpected parameters are errors; otherwise they are noted. @default {true} */
  readonly strict?: boolean;
  /** What messages call the file. @default {"the weights"} */
  readonly file?: string;
  /** Hears what was left aside, a sentence at a time (the classifier of a checkpoint that only feeds a trunk). */
  readonly note?: (message: string) => void;
}

/** Tensors by name, in PyTorch's layout. */
export type NamedTensors = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly data: SafeTensorData }>
>;

/**
 * A model's parameters out of a safetensors file or named arrays in PyTorch's layout: kernels are turned from OIHW to
 * HWIO, linear weights from (out, in) to (in, out), everything becomes float32. `num_batches_tracked` is skipped;
 * a trunk skips `fc.*` with a note. The caller disposes the tensors.
 *
 * @throws {UserError} One message that names every missing, unexpected and wrongly shaped parameter.
 *
 * @example
 * ```ts
 * import { loadParams, resnet18Classifier, saveParams, twoStream } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 *
 * const file = await saveParams(resnet18Classifier({ width: 4, classes: 10 }).init(1));
 * const model = twoStream({ classes: 3, width: 4 });
 * const params = { ...model.init(2), ...loadParams(model, file, { prefix: "spatial." }) };
 * assertEquals(params["spatial.layer4.1.conv2.weight"]?.shape, [3, 3, 32, 32]);
 * ```
 */
export function loadParams<Input, Output>(
  model: Model<Input, Output>,
  source: Uint8Array | NamedTensors,
  options: LoadParamsOptions = {},
): Params {
  const { prefix = "", strict = true, file = "the weights", note = () => {} } = options;
  const found: NamedTensors = source instanceof Uint8Array
    ? Object.fromEntries(readSafetensors(source, { file }).tensors)
    : source;
  const wanted = new Map(
    model.parameters.filter((p) => p.name.startsWith(prefix)).map((p) => [p.name.slice(prefix.length), p]),
  );
  const names = Object.keys(found).filter((name) => !name.endsWith("num_batches_tracked"));
  const spare = names.filter((name) => !wanted.has(name));
  const classifier = wanted.has("fc.weight") ? [] : spare.filter((name) => name.startsWith("fc."));
  const differences = {
    missing: [...wanted.keys()].filter((name) => found[name] === undefined),
    unexpected: spare.filter((name) => !classifier.includes(name)),
    wrong: [...wanted].flatMap(([name, info]) => wrongShape(name, info, found)),
  };
  const problems = describe(differences);
  if (differences.wrong.length > 0 || (strict && problems.length > 0)) {
    throw new UserError(`Cannot load ${file}: ${problems.join("; ")}; give the weights of this very model.`);
  }
  if (classifier.length > 0) {
    note(`Left ${classifier.join(", ")} of ${file} aside: the model has no classifier of that name.`);
  }
  if (problems.length > 0) note(`Loaded ${file} in part: ${problems.join("; ")}.`);
  return Object.fromEntries(
    [...wanted].filter(([name]) => found[name] !== undefined).map(([name, info]) => {
      const { data } = found[name] as NamedTensors[string];
      const values = data instanceof Float32Array ? data : Float32Array.from(data as Int32Array, Number);
      return [info.name, tf.tensor(fromFileOrder(values, info.shape), [...info.shape], "float32")];
    }),
  );
}

function wrongShape(name: string, info: ParameterInfo, found: NamedTensors): string[] {
  const actual = found[name]?.shape;
  const expected = fileShape(info.shape);
  if (actual === undefined || String(actual) === String(expected)) return [];
  return [`${name} is [${actual}] instead of [${expected}]`];
}

function describe(d: { missing: string[]; unexpected: string[]; wrong: string[] }): string[] {
  return [
    ...(d.missing.length > 0 ? [`missing ${d.missing.join(", ")}`] : []),
    ...(d.unexpected.length > 0 ? [`unexpected ${d.unexpected.join(", ")}`] : []),
    ...(d.wrong.length > 0 ? [`wrong shape: ${d.wrong.join(", ")}`] : []),
  ];
}
