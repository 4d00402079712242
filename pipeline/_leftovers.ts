/**
 * Removes what processes that were killed have left in a folder: files and folders that they were writing (`.partial`), and the states of jobs that
 * are done (`.unfinished`, beside the folder of the job). Only for who holds the folder's lock.
 */
export async function removeLeftovers(folder: string): Promise<void> {
  const entries: Deno.DirEntry[] = [];
  for await (const entry of Deno.readDir(folder)) entries.push(entry);
  const names = new Set(entries.map(({ name }) => name));
  for (const { name, isDirectory } of entries) {
    const ofDone = name.endsWith(".unfinished") && names.has(name.slice(0, -".unfinished".length));
    if (ofDone || /\.partial(-\d+)?$/.test(name)) {
      await Deno.remove(`${folder}/${name}`, { recursive: true }).catch(() => {}); // it only takes room
    } else if (isDirectory) {
      await removeLeftovers(`${folder}/${name}`);
    }
  }
}
