const tables = new Map<number, Uint32Array>();

/**
 * A CRC of 32 bits, reflected, as zlib and TFRecord take it.
 *
 * @param polynomial Reflected: 0xedb88320 (PNG, zip) or 0x82f63b78 (Castagnoli, CRC32C).
 */
export function crc32(bytes: Uint8Array, polynomial: number): number {
  let table = tables.get(polynomial);
  if (table === undefined) {
    table = Uint32Array.from({ length: 256 }, (_, n) => {
      for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ polynomial : n >>> 1;
      return n;
    });
    tables.set(polynomial, table);
  }
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff]!;
  return (crc ^ 0xffffffff) >>> 0;
}
