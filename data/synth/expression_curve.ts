/** The shape of {@linkcode expressionCurve}. */
export interface ExpressionCurveOptions {
  /**
   * What is left of the expression at the offset frame, 0..1.
   *
   * @default 0
   */
  readonly residual?: number;
  /**
   * How long the apex is held, as a share of the way from apex to offset.
   *
   * @default 0
   */
  readonly hold?: number;
}

/**
 * How strong an expression is at a frame: 0 up to the onset, rising smoothly to 1 at the apex, then falling, more slowly at
 * its end than at its start as faces relax, to `residual` at the offset and staying there.
 *
 * @param frame The frame, in the same numbering as the three key frames.
 * @param onset The first frame; at or before the apex.
 * @param apex The strongest frame.
 * @param offset The last frame; at or after the apex (equal to it in a clip that ends at the apex).
 * @param options
 * @returns A value in 0..1.
 * @throws {RangeError} if the key frames are out of order.
 *
 * @example
 * ```ts
 * import { expressionCurve } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([0, 4, 6, 8, 16].map((frame) => expressionCurve(frame, 4, 8, 16)), [0, 0, 0.5, 1, 0]);
 * ```
 */
export function expressionCurve(
  frame: number,
  onset: number,
  apex: number,
  offset: number,
  options: ExpressionCurveOptions = {},
): number {
  const { residual = 0, hold = 0 } = options;
  if (!(onset <= apex && apex <= offset)) {
    throw new RangeError(
      `Cannot shape expression: onset, apex and offset must be in order, current values are ${onset}, ${apex}, ${offset}`,
    );
  }
  if (frame <= onset && onset < apex) return 0;
  if (frame <= apex) {
    const t = apex === onset ? 1 : (frame - onset) / (apex - onset);
    return t * t * (3 - 2 * t);
  }
  const held = apex + hold * (offset - apex);
  if (frame <= held) return 1;
  if (frame >= offset) return residual;
  const left = ((offset - frame) / (offset - held)) ** 1.3;
  return residual + (1 - residual) * left * left * (3 - 2 * left);
}
