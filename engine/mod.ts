/**
 * Which tensor engine runs, the kernels it needs for training, optimisers, gradients and seeds.
 *
 * @module
 */
export type { AdamStep } from "./_adam_step.ts";
export type { AdamTensors } from "./_recorder.ts";
export { adam, type AdamOptions } from "./adam.ts";
export {
  availableEngines,
  type EngineAvailability,
  engineAvailability,
  type EngineName,
  engineNames,
} from "./available_engines.ts";
export { type Gradients, gradients } from "./gradients.ts";
export { handOver } from "./hand_over.ts";
export { memoryGuard, type MemoryGuardOptions } from "./memory_guard.ts";
export { inEveryStep } from "./in_every_step.ts";
export { findNative, type NativeLocation } from "./native.ts";
export type { Optimiser, UpdateGroup } from "./optimiser.ts";
export { perStep } from "./per_step.ts";
export { type Random, seededRandom } from "./random.ts";
export type { Params } from "../types.ts";
export { type Replayed, replayed, type ReplayedOptions } from "./replayed.ts";
export { sgd, type SgdOptions } from "./sgd.ts";
export { SharedRecordings, type SharedSlot } from "./shared_recordings.ts";
export { type EngineReport, startEngine, type StartEngineOptions } from "./start_engine.ts";
export { type TrainingStep, trainingStep, type TrainingStepOptions } from "./training_step.ts";
