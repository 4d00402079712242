/** NumPy's .npy container, version 1.0: a header in Python's words, then the values, row-major, little-endian. */
export function npy(values: Uint8Array | Float32Array, shape: readonly number[]): Uint8Array {
  const [head, bytes] = npyPieces(values, shape), out = new Uint8Array(head.length + bytes.length);
  out.set(head);
  out.set(bytes, head.length);
  return out;
}

/** The same as its header and its values, which are not copied. */
export function npyPieces(
  values: Uint8Array | Float32Array,
  shape: readonly number[],
): [head: Uint8Array, values: Uint8Array] {
  const kind = values instanceof Float32Array ? "<f4" : "|u1";
  const text = `{'descr': '${kind}', 'fortran_order': False, 'shape': (${shape.join(", ")}${
    shape.length === 1 ? "," : ""
  }), }`;
  const padded = `${text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11)}\n`; // magic, version and length are 10 bytes
  const head = new Uint8Array(10 + padded.length);
  head.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, padded.length & 255, padded.length >> 8]);
  head.set(new TextEncoder().encode(padded), 10);
  return [head, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)];
}
