import type { MethodDefinition } from "../../../types.ts";
import { capsuleNetMethod } from "./capsule_net.ts";
import { dssnMethod } from "./dssn.ts";
import { dualInceptionMethod } from "./dual_inception.ts";
import { offApexNetMethod } from "./off_apexnet.ts";
import { ststnetMethod } from "./ststnet.ts";

/** The comparison networks by the name that pipelines give them: their architectures are in `models/`, here is how they train. */
export const networkMethods = {
  "off-apexnet": offApexNetMethod,
  ststnet: ststnetMethod,
  "dual-inception": dualInceptionMethod,
  dssn: dssnMethod,
  capsulenet: capsuleNetMethod,
} as const satisfies Record<string, MethodDefinition>;
