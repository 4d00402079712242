/**
 * The assembler of the wasm engine's SIMD routines, for other folders that have hot loops of their own. Private to this package:
 * `engine/mod.ts` does not export it.
 *
 * @module
 */
export * from "./wasm/_assemble.ts";
