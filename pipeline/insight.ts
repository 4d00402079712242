import { readSafetensors, type WritableTensor, writeSafetensors } from "../models/mod.ts";

/** A small picture of numbers, row-major; a map of a clip of T frames holds T of them. */
export interface Grid {
  /** h, w; or T, h, w. */
  readonly shape: readonly number[];
  /** The values. */
  readonly values: Float32Array;
}

/** What a network makes of a held-out clip beside its prediction: what a report shows. */
export interface Insight {
  /** z after the last stage. */
  readonly z?: Float32Array;
  /** z after stage (b), before the guidance. */
  readonly before?: Float32Array;
  /** Grad-CAM of the predicted class on the map of the apex frame or of the flow image, (h', w'). */
  readonly apex?: Grid;
  /** Grad-CAM of the predicted class on the maps of the frames, (T, h', w'). */
  readonly frames?: Grid;
}

const names = ["z", "before", "apex", "frames"] as const;

/**
 * Insights as a safetensors file: `z` and `before` (n, d), `apex` (n, h', w'), `frames` (n, T, h', w'), float32, in the order
 * of the clips. What a method does not have for every clip is left out.
 */
export function writeInsights(insights: readonly Insight[]): Uint8Array {
  const tensors: Record<string, WritableTensor> = {};
  for (const name of names) {
    const parts = insights.flatMap((insight): Grid[] => {
      const part = insight[name];
      if (part === undefined) return [];
      return [part instanceof Float32Array ? { shape: [part.length], values: part } : part];
    });
    const first = parts[0];
    if (first === undefined || parts.length < insights.length) continue;
    const data = new Float32Array(parts.length * first.values.length);
    parts.forEach(({ values }, i) => data.set(values, i * first.values.length));
    tensors[name] = { shape: [parts.length, ...first.shape], data };
  }
  return writeSafetensors(tensors);
}

/**
 * Reads what {@linkcode writeInsights} wrote: an insight for each clip, in their order.
 *
 * @param file For messages.
 * @throws {UserError} If the file is damaged.
 */
export function readInsights(bytes: Uint8Array, file: string): Insight[] {
  const { tensors } = readSafetensors(bytes, { file });
  const count = Math.max(0, ...[...tensors.values()].map(({ shape }) => shape[0] as number));
  return Array.from({ length: count }, (_, i) => {
    const parts = names.flatMap((name) => {
      const tensor = tensors.get(name);
      if (tensor === undefined) return [];
      const shape = tensor.shape.slice(1), size = shape.reduce((a, b) => a * b, 1);
      const values = (tensor.data as Float32Array).slice(i * size, (i + 1) * size);
      return [[name, shape.length === 1 ? values : { shape, values }]];
    });
    return Object.fromEntries(parts) as Insight;
  });
}
