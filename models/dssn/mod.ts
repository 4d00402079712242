/**
 * DSSN (Khor et al. 2019): two truncated AlexNets over the magnitude of the optical flow and its strain.
 *
 * @module
 */
export { dssn, type DSSNOptions } from "./dssn.ts";
