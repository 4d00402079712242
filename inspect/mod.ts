/**
 * The inspector: a web page that holds a trained model. It takes a clip or the camera and shows the face, the aligned crop, the motion, the spotted apex, the
 * probabilities over time and the saliency, all computed in the page by the modules of the command line. These functions make its folder, and serve it.
 *
 * @module
 */
export type { ModelChoice } from "./_model_files.ts";
export { type InspectorFiles, inspectorFiles, type InspectorFilesOptions } from "./inspector_files.ts";
export { type ServedInspector, serveInspector, type ServeInspectorOptions } from "./serve_inspector.ts";
export { writeInspector } from "./write_inspector.ts";
