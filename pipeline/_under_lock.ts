import { UserError } from "../types.ts";
import { holderText, isLock, takeLock } from "./folder_lock.ts";
import { runLockFile } from "./run_folder.ts";

/**
 * Does some work in a run folder while no other run can.
 *
 * @param say Hears of a file system without locks.
 * @throws {UserError} If another run is at work there.
 */
export async function underLock<T>(
  run: string,
  say: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const made = await Deno.stat(run).then(() => false, () => true);
  const taken = await takeLock(runLockFile(run), say);
  if (!isLock(taken)) {
    throw new UserError(
      `Cannot run in ${run}: another run is at work there (${
        holderText(taken)
      }); wait for its end, or choose another folder with --out.`,
    );
  }
  try {
    return await work();
  } finally {
    await taken.release();
    if (made) await Deno.remove(run).catch(() => {}); // only if it is empty: nothing came of the run
  }
}
