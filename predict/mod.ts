/**
 * Trained models on one's own videos: faces are found and followed, windows cut out as clips were prepared for training, apices spotted, the model asked. `predictFrames` and what
 * it is made of run in a browser too.
 *
 * @module
 */
export { type FilePrediction, predictFile, type PredictFileOptions } from "./predict_file.ts";
export { type Mark, predictFrames, type PredictFramesOptions, type SeenWindow } from "./predict_frames.ts";
export type { FacePlace, FacePrediction, FramesPrediction, Moment, WindowPrediction } from "./results.ts";
export type { Alignment, ClipAnswer, ClipForm, ClipModel } from "./types.ts";
export type { FinalSize } from "../data/resample/bring_to_size.ts";
