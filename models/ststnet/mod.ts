/**
 * STSTNet, a comparison method on optical flow.
 *
 * @module
 */
export { ststnet, ststnetHead, ststnetMaps, type STSTNetOptions } from "./ststnet.ts";
