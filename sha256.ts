import { createHash } from "node:crypto";

const pieceBytes = 1 << 16;

/** The SHA-256 of bytes and texts one after the other, in hexadecimal. At once, where WebCrypto would make every caller wait. */
export function sha256(...parts: readonly (Uint8Array | string)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    const bytes = typeof part === "string" ? new TextEncoder().encode(part) : part;
    // Deno copies what it hashes: pieces that stay in the processor's cache go two to four times as fast as megabytes at once.
    for (let at = 0; at < bytes.length; at += pieceBytes) hash.update(bytes.subarray(at, at + pieceBytes));
  }
  return hash.digest("hex");
}
