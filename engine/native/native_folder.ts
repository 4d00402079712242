import { homedir } from "node:os";

/**
 * Where `m2m engine install` puts the native engine: the folder that `M2M_NATIVE` names, else a folder of the user's cache
 * (`$XDG_CACHE_HOME/macro2micro/native`, by default under `~/.cache`), which all clones share.
 */
export function nativeFolder(): string {
  return Deno.env.get("M2M_NATIVE") || userCacheFolder();
}

/** The folder in the user's cache. */
export function userCacheFolder(): string {
  return `${Deno.env.get("XDG_CACHE_HOME") || `${homedir()}/.cache`}/macro2micro/native`;
}
