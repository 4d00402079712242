/**
 * Trained models on one's own videos: `loadModel` loads one; faces are found and followed, windows cut out as clips were prepared for training, apices spotted, the model asked.
 * `loadModelFiles`, `predictFrames` and what they are made of run in a browser too.
 *
 * @module
 */
export { exportModel } from "./export_model.ts";
export { loadModel, type LoadModelOptions } from "./load_model.ts";
export { type ModelDescription, readModelDescription } from "./model_description.ts";
export type { ModelFiles } from "./model_files.ts";
export { type FilePrediction, predictFile, type PredictFileOptions } from "./predict_file.ts";
export { type Mark, predictFrames, type PredictFramesOptions, type SeenWindow } from "./predict_frames.ts";
export type { FacePlace, FacePrediction, FramesPrediction, Moment, WindowPrediction } from "./results.ts";
export {
  type ClipPrediction,
  loadModelFiles,
  type LoadModelFilesOptions,
  type Saliency,
  type SaliencyGrid,
  type SaliencyOptions,
  type TrainedModel,
} from "./trained_model.ts";
export { trainFinal, type TrainFinalOptions } from "./train_final.ts";
export type { Alignment, ClipAnswer, ClipForm, ClipModel, Preparing } from "./types.ts";
export type { FinalSize } from "../data/resample/bring_to_size.ts";
export type { Preparation } from "../pipeline/preparation.ts";
