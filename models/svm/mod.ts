/**
 * Support vector machines, by libsvm's algorithm, and the half of a method that they are behind a descriptor.
 *
 * @module
 */
export type { Scaling } from "./_scaling.ts";
export { type Matrix, matrixOf } from "./matrix.ts";
export { type Descriptor, svmMethod, type TrainedSvm } from "./svm_method.ts";
export { type SvmSettings, svmSettings, type SvmSettingsInput } from "./svm_settings.ts";
export { type Kernel, predictSvm, type Svm, svmDecisions, type SvmOptions, trainSvm } from "./train_svm.ts";
