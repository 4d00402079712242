/**
 * Dual-Inception (Zhou et al. 2019): two streams of two inception blocks over the optical flow to the middle frame.
 *
 * @module
 */
export { dualInception, type DualInceptionOptions } from "./dual_inception.ts";
