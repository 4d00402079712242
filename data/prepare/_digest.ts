import { createHash } from "node:crypto";
import { sha256 } from "../../sha256.ts";

const pieceBytes = 1 << 16;

/** The name of what a step makes: the SHA-256 of its name, version, settings and inputs. */
export function keyOf(...parts: readonly unknown[]): string {
  return sha256(JSON.stringify(parts));
}

/** SHA-256 of a file, read in pieces; at once, because waiting for each of many small files costs more than reading them. */
export function sha256OfFile(file: string): string {
  const hash = createHash("sha256");
  using handle = Deno.openSync(file);
  const piece = new Uint8Array(pieceBytes);
  for (let n = handle.readSync(piece); n !== null; n = handle.readSync(piece)) {
    hash.update(piece.subarray(0, n));
  }
  return hash.digest("hex");
}
