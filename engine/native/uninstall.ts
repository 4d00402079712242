import { dirname } from "node:path";
import { existsSync } from "node:fs";
import { UserError } from "../../types.ts";
import { readMarker } from "./_marker.ts";
import { nativeFolder } from "./native_folder.ts";

/**
 * Removes the folder that `installNative` made, with its parent of our name if that is empty then.
 *
 * @returns Whether there was something to remove.
 * @throws UserError if the folder was not made by `installNative`.
 */
export async function uninstallNative(folder: string = nativeFolder()): Promise<boolean> {
  if (!existsSync(folder)) return false;
  if (readMarker(folder) === undefined) {
    throw new UserError(
      `The folder ${folder} was not made by m2m engine install and is left alone; remove it yourself if it should go.`,
    );
  }
  await Deno.remove(folder, { recursive: true });
  const parent = dirname(folder);
  if (parent.endsWith("/macro2micro")) await Deno.remove(parent).catch(() => {}); // not empty
  return true;
}
