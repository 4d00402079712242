/**
 * Handcrafted descriptors of clips and of optical flow, each a pure function of typed arrays.
 *
 * @module
 */
export type { BlockGrid } from "./_grid.ts";
export { lbpTopMethod } from "./lbp_top/method.ts";
export { lbpTop, type LbpTopOptions } from "./lbp_top/lbp_top.ts";
