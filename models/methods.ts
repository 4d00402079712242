import type { MethodDefinition } from "../types.ts";
import { biWoofMethod } from "./descriptors/bi_woof/method.ts";
import { fhofoMethod } from "./descriptors/fhofo/method.ts";
import { higoTopMethod } from "./descriptors/higo_top/method.ts";
import { lbpSipMethod } from "./descriptors/lbp_sip/method.ts";
import { stclqpMethod } from "./descriptors/stclqp/method.ts";
import { stlbpIpMethod } from "./descriptors/stlbp_ip/method.ts";
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
  "bi-woof": biWoofMethod,
  fhofo: fhofoMethod,
  "higo-top": higoTopMethod,
  "lbp-sip": lbpSipMethod,
  stclqp: stclqpMethod,
  "stlbp-ip": stlbpIpMethod,
} as const satisfies Record<string, MethodDefinition>;
