import { UserError } from "../types.ts";
import { dtypes, type SafeTensorData } from "./_dtypes.ts";

/** One tensor of a safetensors file, row-major. */
export interface SafeTensor {
  /** The type in the file: `F32`, `F16`, `BF16`, `F64`, `I64`, ... */
  readonly dtype: string;
  /** Its shape in the file (PyTorch's layout where PyTorch wrote it). */
  readonly shape: readonly number[];
  /** Its numbers; F16 and BF16 widened to float32. */
  readonly data: SafeTensorData;
}

/** The content of a safetensors file. */
export interface SafeTensors {
  /** The tensors by name, in file order. */
  readonly tensors: ReadonlyMap<string, SafeTensor>;
  /** The file's `__metadata__`, text by text. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** How a file is read. */
export interface ReadSafetensorsOptions {
  /** What messages call the file. @default {"the safetensors data"} */
  readonly file?: string;
}

/**
 * Reads a safetensors file (8 bytes header length, a JSON header, the tensors' bytes, little-endian) without running
 * anything in it. The header's promises are checked against the bytes.
 *
 * @throws {UserError} One sentence when the file is truncated, corrupt or of an unknown type.
 *
 * @example
 * ```ts
 * import { readSafetensors, writeSafetensors } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = writeSafetensors({ a: { shape: [2], data: new Float32Array([1, 2]) } });
 * assertEquals([...readSafetensors(bytes).tensors.get("a")?.data as Float32Array], [1, 2]);
 * ```
 */
export function readSafetensors(bytes: Uint8Array, options: ReadSafetensorsOptions = {}): SafeTensors {
  const refuse = (why: string): never => {
    throw new UserError(
      `Cannot read ${options.file ?? "the safetensors data"}: ${why}; fetch or save the file again.`,
    );
  };
  if (bytes.length < 8) {
    refuse(`it has ${bytes.length} bytes, fewer than the 8 that tell the header's length`);
  }
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > bytes.length - 8) {
    refuse(
      `its header should have ${length} bytes but only ${
        bytes.length - 8
      } follow, so it is truncated or no safetensors file`,
    );
  }
  const header = parseHeader(bytes.subarray(8, 8 + length)) ?? refuse("its header is not a JSON object");
  const body = bytes.subarray(8 + length);
  const tensors = new Map<string, SafeTensor>();
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === "__metadata__") metadata = value as Record<string, string>;
    else tensors.set(name, readTensor(name, value, body, refuse));
  }
  return { tensors, metadata };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined; // not UTF-8 or not JSON: the caller says so
  }
}

function readTensor(
  name: string,
  entry: unknown,
  body: Uint8Array,
  refuse: (why: string) => never,
): SafeTensor {
  const { dtype, shape, data_offsets } = (entry ?? {}) as Record<string, unknown>;
  if (typeof dtype !== "string" || !isCounts(shape) || !isCounts(data_offsets) || data_offsets.length !== 2) {
    return refuse(`the header's entry for ${name} lacks a valid dtype, shape or data_offsets`);
  }
  const info = dtypes[dtype];
  if (info === undefined) {
    return refuse(`tensor ${name} has type ${dtype}, which is not one of ${Object.keys(dtypes).join(", ")}`);
  }
  const [start, end] = data_offsets as [number, number];
  const size = shape.reduce((a, b) => a * b, 1) * info.size;
  if (end - start !== size) {
    return refuse(
      `tensor ${name} of shape [${shape}] needs ${size} bytes but its offsets hold ${end - start}`,
    );
  }
  if (end > body.length) {
    return refuse(`tensor ${name} ends at byte ${end} of ${body.length}, so the file is truncated`);
  }
  return { dtype, shape, data: info.read(body.subarray(start, end)) };
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((v) => Number.isSafeInteger(v) && v >= 0);
}
