/**
 * Optical flow between two frames, optical strain, and their pictures.
 *
 * @module
 */
export * from "./flow_colours.ts";
export * from "./flow_image.ts";
export * from "./flow_planes.ts";
export * from "./optical_strain.ts";
export * from "./tvl1_flow.ts";
export * from "./types.ts";
