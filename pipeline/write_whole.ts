import { UserError } from "../types.ts";

/** A file could not be written: nothing else of the run can be either, until the user has seen to it. */
export class StorageError extends UserError {}

/**
 * Writes a file aside, waits until it is on the disk, and renames it: a reader finds the old content or the new, never half of it, after a power cut
 * too.
 *
 * @throws {StorageError} If the disk is full or the folder can't be written, naming the file.
 */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const aside = `${file}.partial-${Deno.pid}`;
  try {
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")) || ".", { recursive: true });
    await writeThrough(aside, typeof content === "string" ? new TextEncoder().encode(content) : content);
    await Deno.rename(aside, file);
  } catch (error) {
    await Deno.remove(aside).catch(() => {});
    throw storageError(file, error);
  }
}

async function writeThrough(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await Deno.open(file, { write: true, create: true, truncate: true });
  try {
    for (let done = 0; done < bytes.length;) done += await handle.write(bytes.subarray(done));
    await handle.syncData();
  } finally {
    handle.close();
  }
}

/** What to tell of an error of writing. */
export function storageError(file: string, error: unknown): StorageError {
  return new StorageError(
    `Cannot write ${file}: ${
      reason(error)
    }. Free some space or choose another folder, then run again with --resume.`,
  );
}

function reason(error: unknown): string {
  const text = (error as Error).message ?? String(error);
  if (/os error (28|122)|No space|quota/i.test(text)) return "the disk is full";
  if (error instanceof Deno.errors.PermissionDenied || /os error 30/.test(text)) {
    return "the folder cannot be written to";
  }
  return text.replace(/\.$/, "");
}
