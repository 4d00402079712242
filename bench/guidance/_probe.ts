/** A feature of a clip and whether it came from a micro clip (through MiNet) or a macro clip (through MaNet). */
export interface ProbeSample {
  readonly feature: Float32Array;
  readonly isMicro: boolean;
}

/** How well a probe tells unseen micro from macro features; 0.5 is chance for both. */
export interface ProbeScore {
  /** Mean of the two domains' recalls. */
  readonly accuracy: number;
  /** Area under the ROC curve: the part of (micro, macro) pairs in the right order. Ties count half. */
  readonly auc: number;
}

/**
 * `common`: one scale for all features, as the heads see them and as proxy A-distances are measured. `each`: every feature
 * to deviation 1, which lifts channels that are all but dead to the size of the others: the stricter probe.
 */
export type Scaling = "common" | "each";

/** L2 penalty on the weights of standardised features, against the sum of the losses with the domains weighing alike. */
const penalty = 10;

/**
 * A probe of its own, not the network's head: ridge logistic regression on features of `train`, scored on `test`.
 * The two domains weigh the same, however many clips they have. Newton's method on a strictly convex loss: the result has no
 * seed and no learning rate.
 */
export function probe(
  train: readonly ProbeSample[],
  test: readonly ProbeSample[],
  scaling: Scaling,
): ProbeScore {
  return scoreOf(test, probeScores(train, test, scaling));
}

/**
 * The same, trained and tested on clips that the networks have not seen: each group of subjects is scored by a probe of the
 * other groups. Seen clips are no fair training for a probe of unseen ones, because a network that fits them by heart
 * gives them features of another kind.
 */
export function crossProbe(groups: readonly (readonly ProbeSample[])[], scaling: Scaling): ProbeScore {
  const scores = groups.flatMap((group, k) =>
    probeScores(groups.filter((_, other) => other !== k).flat(), group, scaling)
  );
  return scoreOf(groups.flat(), scores);
}

/** Log odds of micro. */
function probeScores(
  train: readonly ProbeSample[],
  test: readonly ProbeSample[],
  scaling: Scaling,
): number[] {
  const scale = standardiser(train, scaling);
  const x = train.map((sample) => scale(sample.feature));
  const y = train.map((sample) => sample.isMicro ? 1 : 0);
  const micro = train.filter((sample) => sample.isMicro).length;
  const importance = train.map(({ isMicro }) =>
    train.length / (2 * (isMicro ? micro : train.length - micro))
  );
  const weights = fit(x, y, importance);
  return test.map((sample) => dot(weights, scale(sample.feature)));
}

function scoreOf(test: readonly ProbeSample[], scores: readonly number[]): ProbeScore {
  const of = (isMicro: boolean) => scores.filter((_, i) => (test[i] as ProbeSample).isMicro === isMicro);
  const [positive, negative] = [of(true), of(false)];
  const part = (list: readonly number[], right: (score: number) => boolean) =>
    list.filter(right).length / list.length;
  let ordered = 0;
  for (const p of positive) for (const n of negative) ordered += p > n ? 1 : p === n ? 0.5 : 0;
  return {
    accuracy: (part(positive, (s) => s > 0) + part(negative, (s) => s <= 0)) / 2,
    auc: ordered / (positive.length * negative.length),
  };
}

/** (x - mean) / deviation by the training samples, and a 1 at the end for the bias. Constant features become 0. */
function standardiser(
  samples: readonly ProbeSample[],
  scaling: Scaling,
): (feature: Float32Array) => Float64Array {
  const width = (samples[0] as ProbeSample).feature.length;
  const mean = new Float64Array(width), deviation = new Float64Array(width);
  for (const { feature } of samples) feature.forEach((value, c) => mean[c]! += value / samples.length);
  for (const { feature } of samples) {
    feature.forEach((value, c) => deviation[c]! += (value - mean[c]!) ** 2 / samples.length);
  }
  if (scaling === "common") deviation.fill(deviation.reduce((a, b) => a + b) / width);
  return (feature) => {
    const out = new Float64Array(width + 1).fill(1);
    feature.forEach((value, c) => {
      const d = Math.sqrt(deviation[c]!);
      out[c] = d < 1e-12 ? 0 : (value - mean[c]!) / d;
    });
    return out;
  };
}

/** Newton's method with halved steps; the bias, the last weight, has no penalty. */
function fit(x: readonly Float64Array[], y: readonly number[], importance: readonly number[]): Float64Array {
  const d = (x[0] as Float64Array).length;
  let w = new Float64Array(d), current = loss(x, y, importance, w);
  for (let round = 0; round < 50; round++) {
    const gradient = new Float64Array(d), hessian = Array.from({ length: d }, () => new Float64Array(d));
    for (let c = 0; c < d - 1; c++) {
      gradient[c] = penalty * w[c]!;
      hessian[c]![c] = penalty;
    }
    hessian[d - 1]![d - 1] = 1e-9;
    x.forEach((row, i) => {
      const p = 1 / (1 + Math.exp(-dot(w, row))), a = importance[i]!;
      const slope = a * (p - y[i]!), curvature = a * p * (1 - p);
      for (let c = 0; c < d; c++) {
        gradient[c]! += slope * row[c]!;
        const line = hessian[c]!, scaled = curvature * row[c]!;
        for (let k = 0; k < d; k++) line[k]! += scaled * row[k]!;
      }
    });
    const step = solve(hessian, gradient);
    let length = 1, next = w, value = current;
    do {
      next = w.map((v, c) => v - length * step[c]!);
      value = loss(x, y, importance, next);
      length /= 2;
    } while (value > current && length > 1e-6);
    if (!(current - value > 1e-10 * Math.abs(current))) return value < current ? next : w;
    [w, current] = [next, value];
  }
  return w;
}

function loss(
  x: readonly Float64Array[],
  y: readonly number[],
  importance: readonly number[],
  w: Float64Array,
) {
  let sum = 0;
  for (let c = 0; c < w.length - 1; c++) sum += penalty / 2 * w[c]! ** 2;
  x.forEach((row, i) => {
    const s = dot(w, row) * (y[i] === 1 ? -1 : 1);
    sum += importance[i]! * (Math.max(s, 0) + Math.log1p(Math.exp(-Math.abs(s))));
  });
  return sum;
}

/** Gauss with pivots; the matrix is spent. */
function solve(a: Float64Array[], right: Float64Array): Float64Array {
  const n = right.length, b = right.slice();
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let r = k + 1; r < n; r++) if (Math.abs(a[r]![k]!) > Math.abs(a[pivot]![k]!)) pivot = r;
    [a[k], a[pivot]] = [a[pivot]!, a[k]!];
    [b[k], b[pivot]] = [b[pivot]!, b[k]!];
    for (let r = k + 1; r < n; r++) {
      const factor = a[r]![k]! / a[k]![k]!;
      if (factor === 0) continue;
      for (let c = k; c < n; c++) a[r]![c]! -= factor * a[k]![c]!;
      b[r]! -= factor * b[k]!;
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let c = k + 1; c < n; c++) b[k]! -= a[k]![c]! * b[c]!;
    b[k]! /= a[k]![k]!;
  }
  return b;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
