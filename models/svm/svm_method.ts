import {
  type Features,
  type InputKind,
  type Method,
  type MethodInputs,
  type MethodOutput,
  type MethodSample,
  UserError,
} from "../../types.ts";
import { checkMethodSamples } from "../check_method_samples.ts";
import { readSafetensors } from "../read_safetensors.ts";
import { type WritableTensor, writeSafetensors } from "../write_safetensors.ts";
import { absoluteGamma, bestCandidate, candidates, scoreCandidates, weightsOf } from "./_choose.ts";
import { gram } from "./_gram.ts";
import type { Kernel } from "./_kernel.ts";
import { learnScaling, scaled, type Scaling } from "./_scaling.ts";
import { type Matrix, matrixOf } from "./matrix.ts";
import type { SvmSettings } from "./svm_settings.ts";
import {
  countVotes,
  type SolvedPairs,
  type Svm,
  svmDecisions,
  trainSvm,
  unfinished,
  vote,
} from "./train_svm.ts";

/** A descriptor: what is computed of one clip. */
export interface Descriptor<Kind extends InputKind> {
  /** Names the descriptor, its version and every setting that its numbers depend on. */
  readonly describedBy: string;
  /** The numbers of one clip. */
  readonly describe: (input: MethodInputs[Kind]) => Features;
}

/** What a fold has learned: the scaling of the numbers, and a machine on them. */
export interface TrainedSvm {
  /** How the numbers of a clip are scaled. */
  readonly scaling: Scaling;
  /** The kernel with its gamma. */
  readonly kernel: Kernel;
  /** C as given or chosen. */
  readonly C: number;
  /** The classes that were there, ascending. */
  readonly classes: readonly number[];
  /** rho of each pair. */
  readonly rho: Float64Array;
  /** linear: a weight vector for each pair of classes, pairs x numbers. */
  readonly weights?: Matrix;
  /** rbf: the machine, and its support vectors before they were scaled. */
  readonly machine?: { readonly svm: Svm; readonly raw: Matrix };
}

/**
 * The method that a descriptor makes with an SVM: scaling, C and gamma are learned from the training clips alone, the latter two by leaving
 * groups of subjects out.
 *
 * @param name What messages and files call the method.
 * @param descriptor What is computed of a clip.
 * @param settings Those of the SVM.
 * @param classes How many classes the task has.
 *
 * @example
 * ```ts
 * import { svmMethod, svmSettings } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 *
 * const brightness = {
 *   describedBy: "brightness 1",
 *   describe: ({ pixels }: { pixels: Uint8Array }) => Float32Array.of(pixels.reduce((a, b) => a + b) / pixels.length),
 * };
 * const method = svmMethod<"clip">("brightness", brightness, svmSettings.parse({ C: [1] }), 2);
 * const clip = (value: number) => method.describe({ kind: "clip", pixels: new Uint8Array(8).fill(value), shape: [2, 2, 2, 1] });
 * const trained = await method.train([10, 20, 90, 80].map((value, i) => ({
 *   database: "smic", subject: "s1", clip: `c${i}`, classIndex: value > 50 ? 1 : 0, features: clip(value),
 * })), 1);
 * assertEquals(method.predict(trained, clip(95)).prediction, 1);
 * ```
 */
export function svmMethod<Kind extends InputKind>(
  name: string,
  descriptor: Descriptor<Kind>,
  settings: SvmSettings,
  classes: number,
): Method<Kind, TrainedSvm> {
  return {
    describedBy: descriptor.describedBy,
    describe: descriptor.describe,
    steps: candidates(settings).length,
    async train(samples, seed, { onStep } = {}) {
      const { data, labels } = checked(name, samples, classes);
      const scores = scoreCandidates(data, labels, samples, seed, settings), best = bestCandidate(scores);
      const { trained, left } = fit(data, labels, best, settings);
      for (const [i, candidate] of scores.entries()) {
        const { C, gamma, score } = candidate;
        const stopped = (candidate.unfinished ?? 0) + (candidate === best ? left : 0);
        const values = {
          C,
          ...settings.kernel === "rbf" ? { gamma } : {},
          ...score === undefined ? {} : { score },
          ...stopped === 0 ? {} : { unfinished: stopped },
        };
        await onStep?.({ step: i + 1, steps: scores.length, values });
      }
      return trained;
    },
    predict: (trained, features) => predict(name, trained, features, classes),
    save: (trained) => Promise.resolve(save(name, trained)),
    load: (bytes) => load(name, bytes, classes),
    dispose: () => {},
  };
}

function checked(
  name: string,
  samples: readonly MethodSample[],
  classes: number,
): { data: Matrix; labels: number[] } {
  checkMethodSamples(name, samples, classes);
  return {
    data: matrixOf(samples.map(({ features }) => features)),
    labels: samples.map(({ classIndex }) => classIndex),
  };
}

function fit(
  data: Matrix,
  labels: readonly number[],
  { C, gamma }: { C: number; gamma: number },
  settings: SvmSettings,
): { trained: TrainedSvm; /** Pairs of classes that came to the limit of steps. */ left: number } {
  const all = labels.map((_, i) => i);
  const scaling = learnScaling(data, settings.scaling, all), inner = scaled(data, scaling);
  const kernel: Kernel = settings.kernel === "linear"
    ? { kind: "linear" }
    : { kind: "rbf", gamma: absoluteGamma(gamma, inner, all) };
  const classWeights = weightsOf(settings, labels, all);
  const svm = trainSvm(inner, labels, { kernel, C, classWeights, dots: gram(inner) });
  const found = { scaling, kernel, C, classes: svm.classes, rho: svm.rho };
  const left = unfinished(svm);
  if (kernel.kind === "linear") return { trained: { ...found, weights: collapsed(svm, svm.vectors) }, left };
  const { columns } = data;
  const raw = svm.vectors.rows === 0
    ? svm.vectors
    : matrixOf(Array.from(svm.support, (row) => data.values.subarray(row * columns, (row + 1) * columns)));
  return { trained: { ...found, machine: { svm, raw } }, left };
}

/** The weight vectors of the pairs, sum alpha y x: a linear decision needs no support vector. */
function collapsed(svm: SolvedPairs, vectors: Matrix): Matrix {
  const { classes, supportCounts, coefficients } = svm, { columns, values, rows } = vectors;
  const pairs = svm.rho.length, out = new Float64Array(pairs * columns);
  const starts = supportCounts.map((_, c) => supportCounts.slice(0, c).reduce((a, b) => a + b, 0));
  let pair = 0;
  for (let i = 0; i < classes.length; i++) {
    for (let j = i + 1; j < classes.length; j++, pair++) {
      const weights = out.subarray(pair * columns, (pair + 1) * columns);
      for (const [c, line] of [[i, j - 1], [j, i]] as const) {
        for (let t = starts[c]!; t < starts[c]! + supportCounts[c]!; t++) {
          const part = coefficients[line * rows + t]!;
          if (part === 0) continue;
          for (let k = 0, at = t * columns; k < columns; k++, at++) weights[k]! += part * values[at]!;
        }
      }
    }
  }
  return { values: out, rows: pairs, columns };
}

/** The class with most votes of the pairs; each class's share of the votes stands for its probability. */
function predict(name: string, trained: TrainedSvm, features: Features, classCount: number): MethodOutput {
  const { scaling, classes, rho, weights, machine } = trained;
  if (features.length !== scaling.offset.length) {
    throw new RangeError(
      `Cannot predict with ${name}: a clip must have ${scaling.offset.length} numbers as in training, found ${features.length}`,
    );
  }
  const row = scaled(matrixOf([features]), scaling);
  const decisions = machine
    ? svmDecisions(machine.svm, row)
    : (weights && weights.rows > 0 ? gram(row, weights).map((value, pair) => value - rho[pair]!) : rho);
  const votes = countVotes(classes, decisions), all = votes.reduce((a, b) => a + b, 0);
  const probabilities = new Array<number>(classCount).fill(0);
  classes.forEach((c, i) => probabilities[c] = all === 0 ? 1 : votes[i]! / all);
  return { prediction: vote(classes, decisions), probabilities };
}

function save(name: string, { scaling, kernel, C, classes, rho, weights, machine }: TrainedSvm): Uint8Array {
  const { columns } = weights ?? machine!.raw;
  const vector = (data: Float64Array): WritableTensor => ({ shape: [data.length], data });
  const tensors: Record<string, WritableTensor> = {
    "scaling.offset": vector(scaling.offset),
    "scaling.factor": vector(scaling.factor),
    rho: vector(rho),
    classes: { shape: [classes.length], data: Int32Array.from(classes) },
  };
  if (weights) tensors.weights = { shape: [weights.rows, columns], data: weights.values };
  if (machine) {
    const { svm, raw } = machine;
    tensors.vectors = { shape: [raw.rows, columns], data: Float32Array.from(raw.values) }; // features are single precision
    tensors.coefficients = { shape: [classes.length - 1, raw.rows], data: svm.coefficients };
    tensors.supportCounts = { shape: [classes.length], data: Int32Array.from(svm.supportCounts) };
  }
  const gamma: Record<string, string> = kernel.kind === "rbf" ? { gamma: String(kernel.gamma) } : {};
  return writeSafetensors(tensors, { method: name, kernel: kernel.kind, C: String(C), ...gamma });
}

function load(name: string, bytes: Uint8Array, classCount: number): TrainedSvm {
  const { tensors, metadata } = readSafetensors(bytes, { file: `the trained ${name}` });
  const refuse = (why: string): never => {
    throw new UserError(`Cannot load the trained ${name}: ${why}; train it again.`);
  };
  if (metadata.method !== name) refuse(`the file is of ${metadata.method ?? "no method"}`);
  const get = <T extends Float64Array | Float32Array | Int32Array>(
    key: string,
    type: { new (n: number): T },
  ): { data: T; shape: readonly number[] } => {
    const tensor = tensors.get(key);
    if (!(tensor?.data instanceof type)) return refuse(`it has no ${key}`);
    return { data: tensor.data, shape: tensor.shape };
  };
  const scaling = {
    offset: get("scaling.offset", Float64Array).data,
    factor: get("scaling.factor", Float64Array).data,
  };
  const columns = scaling.offset.length;
  const rho = get("rho", Float64Array).data, classes = [...get("classes", Int32Array).data];
  if (classes.some((c) => c >= classCount)) refuse(`it was trained for more than ${classCount} classes`);
  const C = Number(metadata.C);
  if (metadata.kernel === "linear") {
    const values = get("weights", Float64Array).data;
    const weights = { values, rows: rho.length, columns };
    return { scaling, kernel: { kind: "linear" }, C, classes, rho, weights };
  }
  const kernel: Kernel = { kind: "rbf", gamma: Number(metadata.gamma) };
  const vectors = get("vectors", Float32Array);
  const raw = { values: Float64Array.from(vectors.data), rows: vectors.shape[0]!, columns };
  const svm: Svm = {
    kernel,
    classes,
    support: new Int32Array(raw.rows),
    supportCounts: [...get("supportCounts", Int32Array).data],
    coefficients: get("coefficients", Float64Array).data,
    rho,
    vectors: scaled(raw, scaling),
    steps: [],
  };
  return { scaling, kernel, C, classes, rho, machine: { svm, raw } };
}
