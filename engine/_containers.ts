import * as tf from "@tensorflow/tfjs";

/** The tensors in an object, an array, or either within the other, in order. */
export function tensorsIn(container: unknown): tf.Tensor[] {
  if (container instanceof tf.Tensor) return [container];
  if (!isContainer(container)) return [];
  return Object.values(container).flatMap(tensorsIn);
}

/** The same container with other tensors in the place of its own, in the order of `tensorsIn`; all else is the same. */
export function rebuild<Container>(container: Container, tensors: readonly tf.Tensor[]): Container {
  let next = 0;
  const copy = (value: unknown): unknown => {
    if (value instanceof tf.Tensor) return tensors[next++];
    if (Array.isArray(value)) return value.map(copy);
    if (!isContainer(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, value]) => [key, copy(value)]));
  };
  return copy(container) as Container;
}

/**
 * Each tensor's data once, and a text that is the same for containers of the same form: tensors of the same types and shapes, which share
 * data in the same places, and the same values of all else.
 *
 * @throws TypeError for what is neither: a function, a tree of a class.
 */
export function formOf(container: unknown): { tensors: tf.Tensor[]; form: string } {
  const found = new Map<tf.DataId, number>();
  const tensors: tf.Tensor[] = [];
  const form = (value: unknown): string => {
    if (value instanceof tf.Tensor) {
      const at = found.get(value.dataId as tf.DataId) ?? tensors.push(value) - 1;
      found.set(value.dataId as tf.DataId, at);
      return `${at}:${value.dtype}[${value.shape}]`;
    }
    if (isContainer(value)) {
      return `{${Object.entries(value).map(([key, value]) => `${key}:${form(value)}`).join()}}`;
    }
    if (value === undefined || value === null || ["number", "string", "boolean"].includes(typeof value)) {
      return JSON.stringify(value) ?? "undefined";
    }
    throw new TypeError(
      `Cannot tell one input of a step from another: it holds ${Object.prototype.toString.call(value)}`,
    );
  };
  return { form: form(container), tensors };
}

function isContainer(value: unknown): value is object {
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}
