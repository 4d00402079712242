/**
 * CapsuleNet (Van Quang et al. 2019): ResNet18's first stages on the apex frame, then capsules with dynamic routing.
 *
 * @module
 */
export { capsuleNet, type CapsuleNetOptions } from "./capsule_net.ts";
export { routeByAgreement } from "./route_by_agreement.ts";
export { squash } from "./squash.ts";
