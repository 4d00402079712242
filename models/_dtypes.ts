/** What a safetensors file's numbers become: floats of every kind a Float32Array or Float64Array, integers their own. */
export type SafeTensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

interface DtypeInfo {
  readonly size: number;
  readonly read: (bytes: Uint8Array) => SafeTensorData;
}

/** The types of the safetensors format that are read, little-endian as the format demands. */
export const dtypes: Readonly<Record<string, DtypeInfo>> = {
  F64: { size: 8, read: (b) => new Float64Array(aligned(b)) },
  F32: { size: 4, read: (b) => new Float32Array(aligned(b)) },
  F16: { size: 2, read: (b) => Float32Array.from(new Uint16Array(aligned(b)), halfToFloat) },
  BF16: { size: 2, read: (b) => brainToFloat(new Uint16Array(aligned(b))) },
  I64: { size: 8, read: (b) => new BigInt64Array(aligned(b)) },
  U64: { size: 8, read: (b) => new BigUint64Array(aligned(b)) },
  I32: { size: 4, read: (b) => new Int32Array(aligned(b)) },
  U32: { size: 4, read: (b) => new Uint32Array(aligned(b)) },
  I16: { size: 2, read: (b) => new Int16Array(aligned(b)) },
  U16: { size: 2, read: (b) => new Uint16Array(aligned(b)) },
  I8: { size: 1, read: (b) => new Int8Array(aligned(b)) },
  U8: { size: 1, read: (b) => new Uint8Array(aligned(b)) },
  BOOL: { size: 1, read: (b) => new Uint8Array(aligned(b)) },
};

/** The type that an array is written as. */
export function dtypeOf(data: SafeTensorData): string {
  const names: [string, new (n: number) => SafeTensorData][] = [
    ["F32", Float32Array],
    ["F64", Float64Array],
    ["I8", Int8Array],
    ["U8", Uint8Array],
    ["I16", Int16Array],
    ["U16", Uint16Array],
    ["I32", Int32Array],
    ["U32", Uint32Array],
    ["I64", BigInt64Array],
    ["U64", BigUint64Array],
  ];
  const found = names.find(([, type]) => data instanceof type);
  if (found === undefined) {
    throw new TypeError(`Cannot write a tensor: its data is no typed array of numbers`);
  }
  return found[0];
}

/** A copy in a buffer of its own: typed arrays demand aligned offsets, files do not. */
function aligned(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer as ArrayBuffer;
}

/** IEEE half precision: 1 sign, 5 exponent, 10 fraction bits. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16 is the upper half of a float32. */
function brainToFloat(bits: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(bits, (b) => (b << 16) >>> 0).buffer);
}
