/** NumPy's .npy container, version 1.0: a header in Python's words, then the values, row-major, little-endian. */
export function npy(values: Uint8Array | Float32Array, shape: readonly number[]): Uint8Array {
  const kind = values instanceof Float32Array ? "<f4" : "|u1";
  const text = `{'descr': '${kind}', 'fortran_order': False, 'shape': (${shape.join(", ")}${
    shape.length === 1 ? "," : ""
  }), }`;
  const padded = `${text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11)}\n`; // magic, version and length are 10 bytes
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const out = new Uint8Array(10 + padded.length + bytes.length);
  out.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, padded.length & 255, padded.length >> 8]);
  out.set(new TextEncoder().encode(padded), 10);
  out.set(bytes, 10 + padded.length);
  return out;
}
