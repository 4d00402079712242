import type { MethodDefinition } from "../types.ts";
import { lbpTopMethod } from "./descriptors/lbp_top/method.ts";

/**
 * The comparison methods that keep the contract of `types.ts`, by the name that pipelines give them.
 *
 * @example
 * ```ts
 * import { methods } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 *
 * const { citation, settings } = methods["lbp-top"];
 * assertEquals([citation.year, settings.parse({}).radii.t], [2007, 3]);
 * ```
 */
export const methods = {
  "lbp-top": lbpTopMethod,
} as const satisfies Record<string, MethodDefinition>;

/** A comparison method by name. */
export type MethodName = keyof typeof methods;

/** Whether a method of a pipeline is one of these. */
export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(methods, name);
}
