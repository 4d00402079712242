import { UserError } from "../../types.ts";

/**
 * Where `m2m engine install` puts the native engine: the folder that `M2M_NATIVE` names, else a folder of the user's cache
 * (`$XDG_CACHE_HOME/macro2micro/native`, by default under `~/.cache`), which all clones share.
 *
 * @throws UserError if neither is known.
 */
export function nativeFolder(): string {
  const folder = Deno.env.get("M2M_NATIVE") || userCacheFolder();
  if (folder !== undefined) return folder.startsWith("/") ? folder : `${Deno.cwd()}/${folder}`;
  throw new UserError("There is no home folder for the native engine; name a folder for it in M2M_NATIVE.");
}

/** The folder in the user's cache, if the user has one. */
export function userCacheFolder(): string | undefined {
  const home = Deno.env.get("HOME");
  const cache = Deno.env.get("XDG_CACHE_HOME") || (home ? `${home}/.cache` : undefined);
  return cache === undefined ? undefined : `${cache}/macro2micro/native`;
}
