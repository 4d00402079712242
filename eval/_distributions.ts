// Tails of the distributions that the tests and intervals need, to about 14 digits.

/** The probability that a standard normal variable is above `z`. */
export function normalTail(z: number): number {
  return erfc(z / Math.SQRT2) / 2;
}

/** The probability that a chi-squared variable with one degree of freedom is above `x` >= 0. */
export function chiSquaredTail(x: number): number {
  return erfc(Math.sqrt(x / 2));
}

/** The probability that a variable of Student's t with `degrees` degrees of freedom is further from 0 than `t`. */
export function studentTwoSided(t: number, degrees: number): number {
  return regularBeta(degrees / (degrees + t * t), degrees / 2, 1 / 2);
}

/** The t that Student's t with `degrees` degrees of freedom stays within with probability `level`, in (0, 1). */
export function studentQuantile(level: number, degrees: number): number {
  const outside = (t: number) => studentTwoSided(t, degrees);
  let [low, high] = [0, 1];
  while (outside(high) > 1 - level) [low, high] = [high, 2 * high];
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (outside(middle) > 1 - level) low = middle;
    else high = middle;
  }
  return high;
}

/** 1 - erf(x): a series near 0, a continued fraction further out. */
function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  if (x < 2) {
    // erf(x) = 2/sqrt(pi) exp(-x^2) sum_k (2x^2)^k x / (1 3 5 ... (2k+1)), all terms positive
    let [term, sum] = [x, x];
    for (let k = 1; term > sum * 1e-17; k++) sum += term *= (2 * x * x) / (2 * k + 1);
    return 1 - 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }
  // sqrt(pi) exp(x^2) erfc(x) = 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + ...)))), from the inside out
  let fraction = x;
  for (let k = 120; k > 0; k--) fraction = x + k / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}

/** The regularised incomplete beta function I_x(a, b). */
function regularBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast below the mean; above it, the other tail.
  if (x > (a + 1) / (a + b + 2)) return 1 - regularBeta(1 - x, b, a);
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x),
  );
  return front * betaFraction(x, a, b) / a;
}

/** The continued fraction of the incomplete beta function, by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number) => Math.abs(value) < tiny ? tiny : value;
  let c = 1, d = 1 / away(1 - (a + b) * x / (a + 1));
  let result = d;
  for (let m = 1; m <= 500; m++) {
    const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const step of [even, odd]) {
      d = 1 / away(1 + step * d);
      c = away(1 + step / c);
      change = c * d;
      result *= change;
    }
    if (Math.abs(change - 1) < 1e-16) break;
  }
  return result;
}

/** ln Gamma(x) for x > 0: Stirling's series, reached by Gamma(x) = Gamma(x + 1) / x. */
function logGamma(x: number): number {
  let shift = 0;
  for (; x < 15; x++) shift -= Math.log(x);
  const y = 1 / (x * x);
  const series = (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y / 1188)))) / x;
  return shift + (x - 1 / 2) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series;
}
