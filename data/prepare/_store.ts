import { join } from "node:path";
import { sha256 } from "../../sha256.ts";
import { writeWhole } from "./_write.ts";

const digestBytes = 32;

/**
 * A folder of what the steps made, `<step>/<first two digits>/<key>`: the bytes and then their SHA-256. The key names all that
 * the bytes depend on, so that nothing is ever stale; the digest shows damage, and what is damaged is made again.
 */
export class Store {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** What a step made before, or what `make` makes now, with its SHA-256. `made` tells which. */
  async get(
    step: string,
    key: string,
    make: () => Promise<Uint8Array> | Uint8Array,
  ): Promise<{ bytes: Uint8Array; sha256: string; made: boolean }> {
    const file = join(this.folder, step, key.slice(0, 2), key);
    const found = readIfThere(file);
    if (found !== undefined && found.length >= digestBytes) {
      const bytes = found.subarray(0, found.length - digestBytes);
      const hash = sha256(bytes);
      if (hash === found.subarray(bytes.length).toHex()) return { bytes, sha256: hash, made: false };
    }
    const bytes = await make(), hash = sha256(bytes);
    await writeWhole(file, bytes, Uint8Array.fromHex(hash));
    return { bytes, sha256: hash, made: true };
  }

  /** The same for a value that JSON holds. */
  async getJson<T>(
    step: string,
    key: string,
    make: () => Promise<T> | T,
  ): Promise<{ value: T; made: boolean }> {
    const { bytes, made } = await this.get(
      step,
      key,
      async () => new TextEncoder().encode(JSON.stringify(await make())),
    );
    return { value: JSON.parse(new TextDecoder().decode(bytes)), made };
  }
}

function readIfThere(file: string): Uint8Array | undefined {
  try {
    return Deno.readFileSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
