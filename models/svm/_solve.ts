/** The dual problem of a two-class C-SVC over chosen rows of a kernel matrix. */
export interface DualProblem {
  /** Rows of the kernel matrix that take part. */
  readonly rows: Int32Array;
  /** +1 or -1 for each of them. */
  readonly signs: Int8Array;
  /** The upper bound of each alpha: C times the weight of its class. */
  readonly bounds: Float64Array;
  /** K(row, .) over the whole matrix, single precision, as libsvm keeps it. */
  readonly kernel: (row: number) => Float32Array;
  /** K(row, row). */
  readonly diagonal: (row: number) => number;
  /** The largest violation of the optimality conditions that is let stand. */
  readonly tolerance: number;
  /** Steps after which an answer is taken as it is. */
  readonly maxSteps: number;
}

/** Its solution. */
export interface DualSolution {
  /** One for each row of the problem, 0..bound. */
  readonly alphas: Float64Array;
  /** The decision is sum alpha_i y_i K(x_i, x) - rho. */
  readonly rho: number;
  /** Steps taken. */
  readonly steps: number;
}

/** In place of a curvature that is not positive. */
const tau = 1e-12;

/**
 * Sequential minimal optimisation: minimises 1/2 a' Q a - sum a subject to y' a = 0 and 0 <= a_i <= C_i, with Q_ij = y_i y_j K_ij, two
 * variables a step. The pair is libsvm's (Fan, Chen & Lin 2005, "WSS 2"): i violates the optimality conditions most, j promises with i the largest
 * decrease by the second-order model. Ties go where libsvm's go, so that the path of steps is the same. There is no shrinking: databases
 * of micro-expressions have hundreds of clips, not tens of thousands, and the whole matrix is in memory.
 */
export function solveDual(problem: DualProblem): DualSolution {
  const { rows, signs, bounds, kernel, diagonal, maxSteps } = problem;
  const n = rows.length;
  const alphas = new Float64Array(n);
  const gradient = new Float64Array(n).fill(-1);
  const curvature = Float64Array.from(rows, diagonal);
  let steps = 0;
  while (steps < maxSteps) {
    const pair = selectPair(problem, alphas, gradient, curvature);
    if (pair === undefined) break;
    steps++;
    const [i, j] = pair;
    const before = [alphas[i]!, alphas[j]!] as const;
    const rowI = kernel(rows[i]!), rowJ = kernel(rows[j]!);
    moveWithin(alphas, gradient, i, j, signs[i]! !== signs[j]!, bounds[i]!, bounds[j]!, {
      sum: curvature[i]! + curvature[j]!,
      cross: rowI[rows[j]!]! * signs[i]! * signs[j]!,
    });
    const deltaI = (alphas[i]! - before[0]) * signs[i]!, deltaJ = (alphas[j]! - before[1]) * signs[j]!;
    for (let t = 0; t < n; t++) {
      const row = rows[t]!;
      gradient[t]! += signs[t]! * (rowI[row]! * deltaI + rowJ[row]! * deltaJ);
    }
  }
  return { alphas, rho: offset(signs, bounds, alphas, gradient), steps };
}

/** The two variables of the next step, or none where all conditions hold to the tolerance. */
function selectPair(
  { rows, signs, bounds, kernel, tolerance }: DualProblem,
  alphas: Float64Array,
  gradient: Float64Array,
  curvature: Float64Array,
): [number, number] | undefined {
  const n = rows.length;
  let most = -Infinity, i = -1; // the largest -y G among those that may go up
  for (let t = 0; t < n; t++) {
    if (signs[t]! > 0 ? alphas[t]! >= bounds[t]! : alphas[t]! <= 0) continue;
    const value = -signs[t]! * gradient[t]!;
    if (value >= most) [most, i] = [value, t];
  }
  if (i < 0) return undefined;
  const row = kernel(rows[i]!), signI = signs[i]!;
  let least = -Infinity, best = Infinity, j = -1; // the largest y G among those that may go down
  for (let t = 0; t < n; t++) {
    if (signs[t]! > 0 ? alphas[t]! <= 0 : alphas[t]! >= bounds[t]!) continue;
    const value = signs[t]! * gradient[t]!;
    if (value >= least) least = value;
    const difference = most + value;
    if (difference <= 0) continue;
    const cross = row[rows[t]!]! * signI * signs[t]!;
    const bend = curvature[i]! + curvature[t]! - 2 * signI * signs[t]! * cross;
    const decrease = -(difference * difference) / (bend > 0 ? bend : tau);
    if (decrease <= best) [best, j] = [decrease, t];
  }
  return most + least < tolerance || j < 0 ? undefined : [i, j];
}

/** The unbounded minimum along the pair's line, brought back into the box. */
function moveWithin(
  alphas: Float64Array,
  gradient: Float64Array,
  i: number,
  j: number,
  opposite: boolean,
  boundI: number,
  boundJ: number,
  { sum, cross }: { sum: number; cross: number },
): void {
  const bend = opposite ? sum + 2 * cross : sum - 2 * cross;
  const divisor = bend > 0 ? bend : tau;
  let a = alphas[i]!, b = alphas[j]!;
  if (opposite) {
    const delta = (-gradient[i]! - gradient[j]!) / divisor, difference = a - b;
    a += delta;
    b += delta;
    if (difference > 0 && b < 0) [a, b] = [difference, 0];
    else if (difference <= 0 && a < 0) [a, b] = [0, -difference];
    if (difference > boundI - boundJ && a > boundI) [a, b] = [boundI, boundI - difference];
    else if (difference <= boundI - boundJ && b > boundJ) [a, b] = [boundJ + difference, boundJ];
  } else {
    const delta = (gradient[i]! - gradient[j]!) / divisor, total = a + b;
    a -= delta;
    b += delta;
    if (total > boundI && a > boundI) [a, b] = [boundI, total - boundI];
    else if (total <= boundI && b < 0) [a, b] = [total, 0];
    if (total > boundJ && b > boundJ) [a, b] = [total - boundJ, boundJ];
    else if (total <= boundJ && a < 0) [a, b] = [0, total];
  }
  alphas[i] = a;
  alphas[j] = b;
}

/** rho: the mean of y G over the free variables, or the middle of what the bound ones allow. */
function offset(
  signs: Int8Array,
  bounds: Float64Array,
  alphas: Float64Array,
  gradient: Float64Array,
): number {
  let upper = Infinity, lower = -Infinity, sum = 0, free = 0;
  for (let t = 0; t < signs.length; t++) {
    const value = signs[t]! * gradient[t]!;
    if (alphas[t]! >= bounds[t]!) {
      if (signs[t]! < 0) upper = Math.min(upper, value);
      else lower = Math.max(lower, value);
    } else if (alphas[t]! <= 0) {
      if (signs[t]! > 0) upper = Math.min(upper, value);
      else lower = Math.max(lower, value);
    } else {
      free++;
      sum += value;
    }
  }
  return free > 0 ? sum / free : (upper + lower) / 2;
}
