/**
 * Networks as descriptions: a model says which parameters it has, draws them from a seed and applies them to tensors,
 * and holds nothing itself. Parameters carry PyTorch's names, so that weights travel as safetensors.
 *
 * Letters: n batch, T frames, h w height and width of images or maps, C channels, C' channels of a map, L classes,
 * s interval, s_c number of intervals, K frames of a sequence.
 *
 * @module
 */
export { capsuleNet, type CapsuleNetOptions, routeByAgreement, squash } from "./capsule_net/mod.ts";
export { domainDiscriminator, type DomainDiscriminatorOptions } from "./domain_discriminator.ts";
export { checkMethodSamples } from "./check_method_samples.ts";
export { dssn, type DSSNOptions } from "./dssn/mod.ts";
export { dualInception, type DualInceptionOptions } from "./dual_inception/mod.ts";
export { fuse, type FusedFeatures, type FuseOptions, type StreamMaps } from "./fuse.ts";
export { gradCam } from "./grad_cam.ts";
export { intervalFeatures, type IntervalFeaturesOptions } from "./interval_features.ts";
export { mostLikely } from "./most_likely.ts";
export { offApexNet, type OffApexNetOptions } from "./off_apexnet/mod.ts";
export { relationClassifier, type RelationClassifierOptions } from "./relation_classifier.ts";
export { resnet18, type ResNet18Options } from "./resnet18.ts";
export { resnet18Classifier, type ResNet18ClassifierOptions } from "./resnet18_classifier.ts";
export { singleStream, type SingleStreamOptions, type SingleStreamOutput } from "./single_stream.ts";
export { twoStream, type TwoStreamInput, type TwoStreamOptions, type TwoStreamOutput } from "./two_stream.ts";
export type { SafeTensorData } from "./_dtypes.ts";
export { loadParams, type LoadParamsOptions, type NamedTensors } from "./load_params.ts";
export {
  readSafetensors,
  type ReadSafetensorsOptions,
  type SafeTensor,
  type SafeTensors,
} from "./read_safetensors.ts";
export { methods } from "./methods.ts";
export { saveParams } from "./save_params.ts";
export * from "./descriptors/mod.ts";
export * from "./svm/mod.ts";
export { ststnet, ststnetHead, ststnetMaps, type STSTNetOptions } from "./ststnet/mod.ts";
export { type WritableTensor, writeSafetensors } from "./write_safetensors.ts";
