import { createHash } from "node:crypto";

/** SHA-256 as hexadecimal digits. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The name of what a step makes: the SHA-256 of its name, version, settings and inputs. */
export function keyOf(...parts: readonly unknown[]): string {
  return sha256(JSON.stringify(parts));
}

/** SHA-256 of a file, read in pieces. */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  using handle = await Deno.open(file);
  const piece = new Uint8Array(1 << 18);
  for (let n = await handle.read(piece); n !== null; n = await handle.read(piece)) {
    hash.update(piece.subarray(0, n));
  }
  return hash.digest("hex");
}
