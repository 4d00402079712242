/**
 * OFF-ApexNet (Gan et al. 2019): two small streams over the optical flow to the apex.
 *
 * @module
 */
export { offApexNet, type OffApexNetOptions } from "./off_apexnet.ts";
