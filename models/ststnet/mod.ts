/**
 * STSTNet, a comparison method on optical flow.
 *
 * @module
 */
export { ststnet, type STSTNetOptions } from "./ststnet.ts";
