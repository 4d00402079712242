/**
 * What the folders share, and what most programs that use a trained model want: `loadModel`.
 *
 * @module
 */
export * from "./types.ts";
export * from "./predict/mod.ts";
