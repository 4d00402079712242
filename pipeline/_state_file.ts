import * as tf from "@tensorflow/tfjs";
import { readSafetensors, type WritableTensor, writeSafetensors } from "../models/mod.ts";
import type { Params } from "../types.ts";
import { sha256 } from "../sha256.ts";
import { writeWhole } from "./write_whole.ts";

/** A moment of a training. */
export interface Moment {
  /** Which loop of which training. */
  readonly key: string;
  /** Steps of the loop that are over. */
  readonly step: number;
  /** Seconds that the job has taken, without the time that it lay still. */
  readonly seconds: number;
  /** Whatever else is kept, by name. */
  readonly kept: Readonly<Record<string, unknown>>;
  /** Parameters, and what the optimiser keeps for them. */
  readonly tensors: Params;
}

const format = 1;

/** Writes a moment as one file, safetensors with the rest as JSON in its metadata: it cannot be torn, and knows its own checksum. */
export async function writeMoment(file: string, { tensors, ...rest }: Moment): Promise<void> {
  const arrays: Record<string, WritableTensor> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    const data = tensor.dataSync() as Float32Array | Int32Array;
    arrays[name] = { shape: tensor.shape, data: data.slice() }; // an engine may reuse its memory
  }
  const state = JSON.stringify({ format, ...rest });
  await writeWhole(
    file,
    writeSafetensors(arrays, { state, sha256: checksum(state, Object.entries(arrays)) }),
  );
}

/** Reads a moment, whose tensors the caller disposes; undefined if there is none. Throws an Error that says what is wrong with a damaged one. */
export async function readMoment(file: string): Promise<Moment | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const { tensors: arrays, metadata } = readSafetensors(bytes, { file });
  const { state = "", sha256: promised } = metadata;
  if (checksum(state, [...arrays]) !== promised) throw new Error("its bytes do not have its checksum");
  const { format: found, ...rest } = JSON.parse(state);
  if (found !== format) throw new Error(`it has the form ${found}, this program writes ${format}`);
  const tensors: Params = {};
  for (const [name, { shape, data }] of arrays) {
    tensors[name] = tf.tensor(
      data as Float32Array,
      [...shape],
      data instanceof Int32Array ? "int32" : "float32",
    );
  }
  return { ...rest, tensors };
}

function checksum(
  state: string,
  arrays: readonly (readonly [string, Pick<WritableTensor, "data">])[],
): string {
  const named = [...arrays].sort(([a], [b]) => a < b ? -1 : 1);
  const parts = named.flatMap(([name, { data }]) => [
    new TextEncoder().encode(name),
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  ]);
  return sha256(new TextEncoder().encode(state), ...parts);
}
