import type { Local } from "../../engine/assemble.ts";

/** Locals of a routine by name. */
export function named<const Name extends string>(
  names: readonly Name[],
  make: (index: number) => Local,
): Record<Name, Local> {
  return Object.fromEntries(names.map((name, i) => [name, make(i)])) as Record<Name, Local>;
}
