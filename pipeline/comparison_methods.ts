import { methods } from "../models/mod.ts";
import { networkMethods } from "./methods/networks/mod.ts";

/**
 * The comparison methods that keep the contract of `types.ts`: descriptors with an SVM, and networks with their training.
 *
 * @example
 * ```ts
 * import { comparisonMethods } from "@macro2micro/mer/pipeline";
 * import { assertEquals } from "@std/assert";
 *
 * const { input, settings } = comparisonMethods.capsulenet;
 * assertEquals([input.kind, settings.parse({}).routings], ["apex", 3]);
 * ```
 */
export const comparisonMethods: typeof methods & typeof networkMethods = { ...methods, ...networkMethods };

/** A comparison method as pipelines name it. */
export type ComparisonName = keyof typeof comparisonMethods;

/** Whether a method of a pipeline is one of these. */
export function isComparisonName(name: string): name is ComparisonName {
  return Object.hasOwn(comparisonMethods, name);
}
