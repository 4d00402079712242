import { dtypeOf, dtypes, type SafeTensorData } from "./_dtypes.ts";

/** A tensor to write: the type in the file follows from the array's. */
export interface WritableTensor {
  /** Its shape. */
  readonly shape: readonly number[];
  /** Its numbers, row-major. */
  readonly data: SafeTensorData;
}

/**
 * The bytes of a safetensors file. Equal tensors and metadata in equal order give equal bytes. Wide types come first,
 * so that every tensor is aligned; otherwise the order is kept.
 *
 * @throws {RangeError} When a shape does not fit its data.
 * @throws {TypeError} When data is not a typed array of numbers.
 *
 * @example
 * ```ts
 * import { readSafetensors, writeSafetensors } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = writeSafetensors({ a: { shape: [], data: new Int32Array([7]) } }, { made: "here" });
 * assertEquals(readSafetensors(bytes).metadata, { made: "here" });
 * ```
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, WritableTensor>> | ReadonlyMap<string, WritableTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const pairs: [string, WritableTensor][] = tensors instanceof Map ? [...tensors] : Object.entries(tensors);
  const entries = pairs
    .map(([name, tensor]) => ({ name, ...tensor, dtype: dtypeOf(tensor.data) }))
    .sort((a, b) => (dtypes[b.dtype]?.size ?? 0) - (dtypes[a.dtype]?.size ?? 0));
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  let end = 0;
  for (const { name, dtype, shape, data } of entries) {
    const size = shape.reduce((a, b) => a * b, 1);
    if (size !== data.length) {
      throw new RangeError(
        `Cannot write tensor ${name}: shape [${shape}] needs ${size} values, current data has ${data.length}`,
      );
    }
    header[name] = { dtype, shape: [...shape], data_offsets: [end, end += data.byteLength] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(json.length / 8) * 8; // padded with blanks, as the format allows
  const bytes = new Uint8Array(8 + length + end).fill(0x20, 8, 8 + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  let at = 8 + length;
  for (const { data } of entries) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}
