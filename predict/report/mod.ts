/**
 * What `m2m predict` prints and writes: text, CSV, a page.
 *
 * @module
 */
export { type FacePictures, predictionPage } from "./prediction_page.ts";
export { predictionCsv, predictionText } from "./prediction_text.ts";
export { failed, type FailedInput, type ModelFacts, type PredictionReport } from "./types.ts";
