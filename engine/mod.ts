/**
 * Which tensor engine runs, the kernels it needs for training, optimisers, gradients and seeds.
 *
 * @module
 */
export { adam, type AdamOptions } from "./adam.ts";
export {
  availableEngines,
  type EngineAvailability,
  type EngineName,
  engineNames,
} from "./available_engines.ts";
export { type Gradients, gradients } from "./gradients.ts";
export { memoryGuard, type MemoryGuardOptions } from "./memory_guard.ts";
export { findNative, type NativeLocation } from "./native.ts";
export type { Optimiser } from "./optimiser.ts";
export { type Random, seededRandom } from "./random.ts";
export type { Params } from "../types.ts";
export { sgd, type SgdOptions } from "./sgd.ts";
export { type EngineReport, startEngine, type StartEngineOptions } from "./start_engine.ts";
