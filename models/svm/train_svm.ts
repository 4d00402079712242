import { gram } from "./_gram.ts";
import { type Kernel, kernelOf, KernelRows } from "./_kernel.ts";
import { solveDual } from "./_solve.ts";
import { type Matrix, matrixOf } from "./matrix.ts";

export type { Kernel } from "./_kernel.ts";

/** Steps after which the answer of a pair of classes is taken as it is, as libsvm does. */
const mostSteps = 1e7;

/** How many pairs were taken as they were. */
export function unfinished({ steps }: Pick<Svm, "steps">): number {
  return steps.filter((n) => n >= mostSteps).length;
}

/** The settings of {@linkcode trainSvm}. */
export interface SvmOptions {
  /** The kernel. @default {{ kind: "linear" }} */
  readonly kernel?: Kernel;
  /** C, the price of a clip on the wrong side of its margin. @default {1} */
  readonly C?: number;
  /** A factor of C for each class, by class number; 1 for those not named. */
  readonly classWeights?: readonly number[];
  /** Training stops when no optimality condition is violated by more. @default {0.001} */
  readonly tolerance?: number;
  /** Steps of each pair of classes, at most. @default {10_000_000} */
  readonly maxSteps?: number;
  /** Dot products of all rows, where they are known already: rows x rows values. */
  readonly dots?: Float64Array;
}

/** A trained support vector machine: for each pair of classes a decision, and the classes vote. */
export interface Svm {
  /** The kernel. */
  readonly kernel: Kernel;
  /** The classes that were there in training, ascending. */
  readonly classes: readonly number[];
  /** Rows of the training data that are support vectors, by class, then by row. */
  readonly support: Int32Array;
  /** How many of them each class has. */
  readonly supportCounts: readonly number[];
  /**
   * alpha y, (classes - 1) x support vectors: in libsvm's layout a vector of class k has its part in the decision against class j in row j, or
   * j - 1 where j > k.
   */
  readonly coefficients: Float64Array;
  /** rho of each pair: (0, 1), (0, 2), ..., (1, 2), ... */
  readonly rho: Float64Array;
  /** The support vectors themselves. */
  readonly vectors: Matrix;
  /** Steps of each pair. */
  readonly steps: readonly number[];
}

/**
 * Trains a C-SVC: one-vs-one over the classes as in libsvm (Chang & Lin 2011), each pair by sequential minimal optimisation with second-order working
 * sets (Fan, Chen & Lin 2005). For each pair it minimises
 *
 *     1/2 |w|^2 + sum_i C_i max(0, 1 - y_i (w . phi(x_i) - rho)),    C_i = C times the weight of x_i's class.
 *
 * Nothing is random: equal data give equal bits. One class alone gives a machine that always says this class.
 *
 * @param data One row a clip, on comparable scales.
 * @param labels The class number of each row.
 * @throws {RangeError} If numbers do not fit, are not finite, or an option makes no sense.
 *
 * @example
 * ```ts
 * import { matrixOf, predictSvm, trainSvm } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 *
 * const svm = trainSvm(matrixOf([[0, 0], [1, 1], [4, 4], [5, 5]]), [0, 0, 1, 1]);
 * assertEquals([...svm.support], [1, 2]); // the two that face each other
 * assertEquals(predictSvm(svm, matrixOf([[0, 1], [5, 3]])), [0, 1]);
 * ```
 */
export function trainSvm(data: Matrix, labels: readonly number[], options: SvmOptions = {}): Svm {
  const { kernel = { kind: "linear" }, C = 1, tolerance = 1e-3, maxSteps = mostSteps } = options;
  check(data, labels, { kernel, C, tolerance, maxSteps, classWeights: options.classWeights ?? [] });
  const dots = options.dots ?? gram(data);
  const solved = solvePairs(new KernelRows(kernel, dots, data.rows), labels, {
    C,
    tolerance,
    maxSteps,
    classWeights: options.classWeights ?? [],
  });
  const { columns, values } = data;
  const support = solved.support;
  const vectors = support.length === 0
    ? { values: new Float64Array(0), rows: 0, columns }
    : matrixOf(Array.from(support, (row) => values.subarray(row * columns, (row + 1) * columns)));
  return { kernel, vectors, ...solved };
}

/**
 * One decision for each pair of classes, rows x pairs: positive speaks for the first of the two. Pairs are (0, 1), (0, 2), ..., (1, 2), ...
 *
 * @throws {RangeError} If rows are not of the length that was trained on.
 *
 * @example
 * ```ts
 * import { matrixOf, svmDecisions, trainSvm } from "@macro2micro/mer/models";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const svm = trainSvm(matrixOf([[-1], [1]]), [0, 1]);
 * assertAlmostEquals(svmDecisions(svm, matrixOf([[-1]]))[0]!, 1);
 * ```
 */
export function svmDecisions(svm: Svm, data: Matrix): Float64Array {
  const { kernel, classes, vectors } = svm;
  const pairs = classes.length * (classes.length - 1) / 2, out = new Float64Array(data.rows * pairs);
  if (data.columns !== vectors.columns) {
    throw new RangeError(
      `Cannot predict: rows must have ${vectors.columns} numbers as in training, found ${data.columns}`,
    );
  }
  const cross = gram(data, vectors), n = vectors.rows;
  const norms = (m: Matrix) =>
    Float64Array.from({ length: m.rows }, (_, i) => {
      const row = m.values.subarray(i * m.columns, (i + 1) * m.columns);
      return row.reduce((sum, value) => sum + value * value, 0);
    });
  const own = norms(vectors), theirs = norms(data), row = new Float64Array(n);
  for (let i = 0; i < data.rows; i++) {
    for (let t = 0; t < n; t++) row[t] = kernelOf(kernel, cross[i * n + t]!, own[t]!, theirs[i]!);
    decide(svm, row, out.subarray(i * pairs, (i + 1) * pairs));
  }
  return out;
}

/**
 * The class of each row by the votes of the pairs; of equal ones the first.
 *
 * @throws {RangeError} If rows are not of the length that was trained on.
 *
 * @example
 * ```ts
 * import { matrixOf, predictSvm, trainSvm } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 *
 * const svm = trainSvm(matrixOf([[0], [1], [2]]), [3, 5, 7], { C: 100 });
 * assertEquals(predictSvm(svm, matrixOf([[-1], [1], [9]])), [3, 5, 7]);
 * ```
 */
export function predictSvm(svm: Svm, data: Matrix): number[] {
  const decisions = svmDecisions(svm, data), pairs = decisions.length / data.rows;
  return Array.from(
    { length: data.rows },
    (_, i) => vote(svm.classes, decisions.subarray(i * pairs, (i + 1) * pairs)),
  );
}

/** The class with most votes, of equal ones the first. */
export function vote(classes: readonly number[], decisions: Float64Array): number {
  const votes = countVotes(classes, decisions);
  return classes[votes.indexOf(Math.max(...votes))]!;
}

/** How many pairs speak for each class. */
export function countVotes(classes: readonly number[], decisions: Float64Array): number[] {
  const votes = new Array<number>(classes.length).fill(0);
  let pair = 0;
  for (let i = 0; i < classes.length; i++) {
    for (let j = i + 1; j < classes.length; j++) votes[decisions[pair++]! > 0 ? i : j]!++;
  }
  return votes;
}

/** All that a machine is beside its vectors. */
export type SolvedPairs = Omit<Svm, "kernel" | "vectors">;

/** Solves every pair of classes among the rows of a kernel matrix that `among` names, all of them if not given. */
export function solvePairs(
  kernel: KernelRows,
  labels: readonly number[],
  { C, tolerance = 1e-3, maxSteps = mostSteps, classWeights = [], among }: {
    C: number;
    tolerance?: number;
    maxSteps?: number;
    classWeights?: readonly number[];
    among?: readonly number[];
  },
): SolvedPairs {
  const rows = among ?? labels.map((_, i) => i);
  const classes = [...new Set(rows.map((i) => labels[i]!))].sort((a, b) => a - b);
  const groups = classes.map((c) => rows.filter((i) => labels[i] === c));
  const pairs: { i: number; j: number; parts: Float64Array; rho: number; steps: number }[] = [];
  for (let i = 0; i < classes.length; i++) {
    for (let j = i + 1; j < classes.length; j++) {
      const [first, second] = [groups[i]!, groups[j]!];
      const signs = Int8Array.from([...first.map(() => 1), ...second.map(() => -1)]);
      const bound = [C * (classWeights[classes[i]!] ?? 1), C * (classWeights[classes[j]!] ?? 1)] as const;
      const { alphas, rho, steps } = solveDual({
        rows: Int32Array.from([...first, ...second]),
        signs,
        bounds: Float64Array.from(signs, (sign) => sign > 0 ? bound[0] : bound[1]),
        kernel: (row) => kernel.row(row),
        diagonal: (row) => kernel.diagonal(row),
        tolerance,
        maxSteps,
      });
      pairs.push({ i, j, parts: alphas.map((alpha, t) => alpha * signs[t]!), rho, steps });
    }
  }
  // A row is a support vector if any pair gives it a part.
  const used = groups.map((group, c) =>
    group.map((_, at) =>
      pairs.some(({ i, j, parts }) =>
        (i === c && parts[at] !== 0) || (j === c && parts[groups[i]!.length + at] !== 0)
      )
    )
  );
  const support = groups.flatMap((group, c) => group.filter((_, at) => used[c]![at]));
  const supportCounts = used.map((flags) => flags.filter(Boolean).length);
  const coefficients = new Float64Array(Math.max(0, classes.length - 1) * support.length);
  for (const { i, j, parts } of pairs) {
    for (const [c, other, from] of [[i, j, 0], [j, i, groups[i]!.length]] as const) {
      let column = supportCounts.slice(0, c).reduce((a, b) => a + b, 0);
      const line = other > c ? other - 1 : other;
      groups[c]!.forEach((_, at) => {
        if (used[c]![at]) coefficients[line * support.length + column++] = parts[from + at]!;
      });
    }
  }
  return {
    classes,
    support: Int32Array.from(support),
    supportCounts,
    coefficients,
    rho: Float64Array.from(pairs, ({ rho }) => rho),
    steps: pairs.map(({ steps }) => steps),
  };
}

/** The decisions of the pairs from a row of kernel values, one for each support vector. */
export function decide(svm: SolvedPairs, kernel: ArrayLike<number>, out: Float64Array): void {
  const { classes, supportCounts, coefficients, rho } = svm, n = svm.support.length;
  const starts = supportCounts.map((_, c) => supportCounts.slice(0, c).reduce((a, b) => a + b, 0));
  let pair = 0;
  for (let i = 0; i < classes.length; i++) {
    for (let j = i + 1; j < classes.length; j++) {
      let sum = 0;
      for (let t = starts[i]!; t < starts[i]! + supportCounts[i]!; t++) {
        sum += coefficients[(j - 1) * n + t]! * kernel[t]!;
      }
      for (let t = starts[j]!; t < starts[j]! + supportCounts[j]!; t++) {
        sum += coefficients[i * n + t]! * kernel[t]!;
      }
      out[pair] = sum - rho[pair]!;
      pair++;
    }
  }
}

function check(
  data: Matrix,
  labels: readonly number[],
  { kernel, C, tolerance, maxSteps, classWeights }: Required<Omit<SvmOptions, "dots">>,
): void {
  const refuse = (why: string): never => {
    throw new RangeError(`Cannot train the SVM: ${why}`);
  };
  if (data.rows === 0 || labels.length !== data.rows) {
    refuse(`there must be one label for each of one or more rows, found ${labels.length} for ${data.rows}`);
  }
  const odd = data.values.findIndex((value) => !Number.isFinite(value));
  if (odd >= 0) refuse(`all numbers must be finite, value ${odd} is ${data.values[odd]}`);
  for (
    const [name, value] of [
      ["C", C],
      ["tolerance", tolerance],
      ["maxSteps", maxSteps],
      ...kernel.kind === "rbf" ? [["gamma", kernel.gamma] as const] : [],
      ...classWeights.map((weight, c) => [`the weight of class ${c}`, weight] as const),
    ] as const
  ) {
    if (!(value > 0 && Number.isFinite(value))) {
      refuse(`${name} must be a positive number, current value is ${value}`);
    }
  }
}
