import process from "node:process";
import { dirname, join } from "node:path";
import { UserError } from "../../types.ts";

/** Something could not be written: no other clip can be either, so the whole run ends. */
export class CannotWrite extends UserError {}

/**
 * Writes pieces of content aside, then renames: a reader finds the old content or the new. The aside's name tells whose it is. All at once: waiting for another thread to do
 * it costs more than doing it.
 */
export async function writeWhole(file: string, ...content: readonly (Uint8Array | string)[]): Promise<void> {
  const aside = `${file}.${Deno.hostname()}-${Deno.pid}.part`;
  const write = () => {
    using handle = Deno.openSync(aside, { write: true, create: true, truncate: true });
    for (const piece of content) {
      const bytes = typeof piece === "string" ? new TextEncoder().encode(piece) : piece;
      for (let at = 0; at < bytes.length;) at += handle.writeSync(bytes.subarray(at));
    }
  };
  try {
    try {
      write();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      Deno.mkdirSync(dirname(file), { recursive: true });
      write();
    }
    Deno.renameSync(aside, file);
  } catch (error) {
    await Deno.remove(aside).catch(() => {});
    throw cannotWrite(file, error);
  }
}

/** One sentence for a full disk, a read-only folder, and the like. */
export function cannotWrite(file: string, error: unknown): CannotWrite {
  const text = (error as Error).message ?? String(error);
  const why = /os error 28|No space/i.test(text)
    ? "the disk is full; free some space"
    : error instanceof Deno.errors.PermissionDenied || /os error (13|30)/.test(text)
    ? "the folder cannot be written to; allow it or name another folder"
    : `${text.replace(/\.$/, "")}; free some space or name another folder`;
  return new CannotWrite(
    `Cannot write ${file}: ${why}, then run the same command again: what was done is kept.`,
  );
}

/** Removes what processes of this machine that have ended left unfinished below a folder. */
export async function sweep(folder: string): Promise<void> {
  const pattern = new RegExp(`\\.${Deno.hostname().replace(/[.*+?^\${}()|[\]\\]/g, "\\$&")}-(\\d+)\\.part$`);
  const visit = async (path: string): Promise<void> => {
    const inside: string[] = [];
    try {
      for await (const entry of Deno.readDir(path)) {
        const pid = Number(pattern.exec(entry.name)?.[1] ?? NaN);
        if (entry.isDirectory) inside.push(join(path, entry.name));
        else if (pid > 0 && !isAlive(pid)) await Deno.remove(join(path, entry.name)).catch(() => {});
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw cannotWrite(path, error);
    }
    for (const child of inside) await visit(child);
  };
  await visit(folder);
}

/** Whether a process of this machine runs. */
export function isAlive(pid: number): boolean {
  if (pid === Deno.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM"; // there, but another user's
  }
}
