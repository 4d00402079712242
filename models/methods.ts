import type { MethodDefinition } from "../types.ts";
import { lbpTopMethod } from "./descriptors/lbp_top/method.ts";

/**
 * The handcrafted methods that keep the contract of `types.ts`, by the name that pipelines give them. (Networks train with losses, which `models`
 * does not know: theirs are `comparisonMethods` of `pipeline`, with these.)
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
