import { assert } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { loadParams, readSafetensors, type SafeTensor } from "../../models/mod.ts";
import type { Mode, Model, Params } from "../../types.ts";

/** Golden tensors of a script of tools/golden, in PyTorch's layouts. */
export class Golden {
  readonly #tensors: ReadonlyMap<string, SafeTensor>;

  constructor(name: string) {
    const file = new URL(`../golden/${name}.safetensors`, import.meta.url);
    this.#tensors = readSafetensors(Deno.readFileSync(file), { file: file.pathname }).tensors;
  }

  /** The tensor as PyTorch has it. */
  tensor<T extends tf.Tensor = tf.Tensor>(name: string): T {
    const found = this.#tensors.get(name);
    assert(found !== undefined, `the golden data has no ${name}`);
    const type = found.dtype === "I32" ? "int32" : "float32";
    return tf.tensor(found.data as Float32Array, [...found.shape], type) as T;
  }

  /** Images or maps: the channels, third from last in PyTorch, come last. */
  image<T extends tf.Tensor = tf.Tensor4D>(name: string): T {
    const tensor = this.tensor(name);
    const axes = tensor.shape.map((_, i) => i);
    return tensor.transpose([...axes.slice(0, -3), ...axes.slice(-2), axes.length - 3]) as T;
  }

  /** A model's parameters under a prefix (`start/`, `sgd/`); `like` says which of them the golden data need to hold. */
  params<I, O>(model: Model<I, O>, prefix: string, strict = true): Params {
    const part = [...this.#tensors].filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]);
    return loadParams(model, Object.fromEntries(part), { strict, file: prefix });
  }
}

/** A training mode with updates to look at and no dropout. */
export function trainingMode(): Exclude<Mode, "infer"> {
  return { updates: {}, random: () => 1 - 2 ** -32 };
}

/** Fails where an element differs by more than `tolerance` of its own size or, near zero, of the tensor's root mean square. */
export function assertClose(actual: tf.Tensor, expected: tf.Tensor, tolerance: number, what: string): void {
  assert(
    String(actual.shape) === String(expected.shape),
    `${what}: shape [${actual.shape}] is not [${expected.shape}]`,
  );
  const [a, e] = [actual.dataSync<"float32">(), expected.dataSync<"float32">()];
  const scale = Math.sqrt(e.reduce((sum, value) => sum + value * value, 0) / e.length);
  let worst = 0;
  e.forEach((value, i) => {
    const error = Math.abs((a[i] as number) - value) / Math.max(Math.abs(value), scale, 1e-30);
    if (!(error <= worst)) worst = error;
  });
  if (Deno.env.get("M2M_SHOW")) console.log(what, worst);
  assert(worst <= tolerance, `${what}: the worst element is off by ${worst}, more than ${tolerance}`);
}

/** Fails where the difference's norm is more than `tolerance` of the expected tensor's. */
export function assertNormClose(
  actual: tf.Tensor,
  expected: tf.Tensor,
  tolerance: number,
  what: string,
): void {
  const error = actual.sub(expected).norm().dataSync()[0] as number;
  const size = expected.norm().dataSync()[0] as number;
  if (Deno.env.get("M2M_SHOW")) console.log(what, error / size);
  assert(error <= tolerance * size, `${what}: off by ${error / size} of its norm, more than ${tolerance}`);
}
