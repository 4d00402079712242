import { storageError } from "./write_whole.ts";

/** A lock that this process holds. */
export interface FolderLock {
  /** Gives it back and removes its file. */
  release(): Promise<void>;
}

/** Who holds a lock, as its file tells. */
export interface LockHolder {
  /** The machine. */
  readonly host: string;
  /** The process on it. */
  readonly pid: number;
  /** Since when, ISO 8601. */
  readonly since: string;
}

/**
 * Takes a lock on a file, or says who has it. The system gives the lock back when its holder dies, however it dies, so none is ever left over.
 * Over NFS the server keeps it; on a file system without locks, which is said, there is none.
 *
 * @param file Made where it is missing.
 * @param say Hears of a file system without locks.
 * @returns The lock; or its holder, as far as that can be read.
 * @throws {StorageError} If the file can't be made.
 */
export async function takeLock(
  file: string,
  say: (line: string) => void = () => {},
): Promise<FolderLock | Partial<LockHolder>> {
  for (;;) {
    const handle = await open(file);
    const taken = await handle.tryLock(true).catch((error) => {
      say(
        `${file} cannot be locked on this file system (${error.message}): see to it yourself that two runs never share it.`,
      );
      return true;
    });
    if (!taken) {
      handle.close();
      return await holder(file);
    }
    if (await isStill(file, handle)) {
      const mine: LockHolder = { host: Deno.hostname(), pid: Deno.pid, since: new Date().toISOString() };
      await handle.truncate();
      await handle.write(new TextEncoder().encode(JSON.stringify(mine) + "\n")).catch(() => {}); // a full disk: locked all the same
      return {
        async release() {
          await Deno.remove(file).catch(() => {});
          handle.close();
        },
      };
    }
    handle.close(); // its holder has removed it meanwhile
  }
}

/** Whether `takeLock` gave the lock. */
export function isLock(taken: FolderLock | Partial<LockHolder>): taken is FolderLock {
  return "release" in taken;
}

/** A holder in words. */
export function holderText({ host, pid, since }: Partial<LockHolder>): string {
  if (pid === undefined) return "another process";
  return `process ${pid} on ${host}, since ${since?.slice(0, 19).replace("T", " ")} UTC`;
}

async function open(file: string): Promise<Deno.FsFile> {
  try {
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")) || ".", { recursive: true });
    return await Deno.open(file, { read: true, write: true, create: true });
  } catch (error) {
    throw storageError(file, error);
  }
}

async function holder(file: string): Promise<Partial<LockHolder>> {
  try {
    return JSON.parse(await Deno.readTextFile(file));
  } catch {
    return {}; // just being written, or just removed
  }
}

/** Whether the path still names the file that is locked. */
async function isStill(file: string, handle: Deno.FsFile): Promise<boolean> {
  const [mine, there] = [await handle.stat(), await Deno.stat(file).catch(() => undefined)];
  return there !== undefined && mine.ino === there.ino && mine.dev === there.dev;
}
