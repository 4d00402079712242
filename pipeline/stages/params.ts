import * as tf from "@tensorflow/tfjs";
import type { Params } from "../../types.ts";

/** The parameters below a prefix, by their names without it. The tensors are the same, not copies. */
export function below(params: Params, prefix: string): Params {
  return Object.fromEntries(
    Object.entries(params).filter(([name]) => name.startsWith(prefix)).map((
      [name, t],
    ) => [name.slice(prefix.length), t]),
  );
}

/** The same tensors under names with a prefix. */
export function under(params: Params, prefix: string): Params {
  return Object.fromEntries(Object.entries(params).map(([name, t]) => [prefix + name, t]));
}

/** Copies that live on their own. */
export function copyParams(params: Params): Params {
  return Object.fromEntries(Object.entries(params).map(([name, t]) => [name, tf.clone(t)]));
}

/** Puts new running statistics in the place of the old ones. */
export function replaceParams(params: Params, updates: Params): void {
  for (const [name, tensor] of Object.entries(updates)) {
    params[name]?.dispose();
    params[name] = tensor;
  }
}
