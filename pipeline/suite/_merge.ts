/** Plain keys and values. */
export type Keys = Readonly<Record<string, unknown>>;

/** Whether a value holds keys. */
function isKeys(value: unknown): value is Keys {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Sections are merged key by key, null leaves a key out, all else replaces what was there. */
export function merged(base: Keys, change: Keys): Keys {
  const out: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete out[key];
    else if (isKeys(value)) out[key] = merged(isKeys(out[key]) ? out[key] : {}, value);
    else out[key] = value;
  }
  return out;
}

/** How many keys of a path are there, from the root. */
export function depth(keys: Keys, path: readonly PropertyKey[]): number {
  let value: unknown = keys, found = 0;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) break;
    value = (value as Record<PropertyKey, unknown>)[key];
    found++;
  }
  return found;
}
