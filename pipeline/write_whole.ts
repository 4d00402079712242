import { UserError } from "../types.ts";

/**
 * Writes a file aside and renames it: a reader finds the old content or the new, never half of it.
 *
 * @throws {UserError} If the disk is full or the folder can't be written, naming the file.
 */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const aside = `${file}.partial-${Deno.pid}`;
  try {
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")) || ".", { recursive: true });
    if (typeof content === "string") await Deno.writeTextFile(aside, content);
    else await Deno.writeFile(aside, content);
    await Deno.rename(aside, file);
  } catch (error) {
    await Deno.remove(aside).catch(() => {});
    throw new UserError(
      `Cannot write ${file}: ${
        reason(error)
      }. Free some space or choose another folder, then run again with --resume.`,
    );
  }
}

function reason(error: unknown): string {
  const text = (error as Error).message ?? String(error);
  if (/os error 28|No space/i.test(text)) return "the disk is full";
  if (error instanceof Deno.errors.PermissionDenied || /os error 30/.test(text)) {
    return "the folder cannot be written to";
  }
  return text.replace(/\.$/, "");
}
