/** Weights that sum to 1, in whole parts of `scale`. */
export interface WholeWeights {
  /** The parts of each weight; their sum is `scale`. */
  readonly parts: readonly number[];
  /** At most 2^15 - 1, or {@linkcode fineScale} where no smaller one is close enough. */
  readonly scale: number;
}

/** Grey values times this fit 32 bits. */
export const fineScale = 2 ** 23;

/** How far an interpolated grey value may be off: about what single precision is. */
const tolerance = 3e-5;

/**
 * The scale at which all weights are nearly whole. Those of a circle of 8 neighbours are of the form a + b sqrt(2), those of 3 or 6 neighbours a + b sqrt(3), with whole or half a
 * and b: convergents of the root make all of them whole at once, to eight digits.
 */
export function wholeWeights(weights: readonly number[]): WholeWeights {
  let best: WholeWeights | undefined, least = tolerance;
  for (let scale = 1; scale < 2 ** 15; scale++) {
    const parts = weights.map((weight) => Math.round(scale * weight));
    if (parts.reduce((a, b) => a + b) !== scale) continue;
    const off = 255 / scale * parts.reduce((sum, part, i) => sum + Math.abs(part - scale * weights[i]!), 0);
    if (off < least) [best, least] = [{ parts, scale }, off];
  }
  if (best) return best;
  const parts = weights.map((weight) => Math.round(fineScale * weight));
  const largest = parts.indexOf(Math.max(...parts));
  parts[largest]! += fineScale - parts.reduce((a, b) => a + b);
  return { parts, scale: fineScale };
}
