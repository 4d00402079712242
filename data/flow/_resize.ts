/**
 * Bilinear resizing of a plane without smoothing, pixel centres at half-integers, the border repeated.
 *
 * @param step Source pixels per pixel of the result, by axis; source size over result size if not given.
 */
export function resizeLinear(
  from: ArrayLike<number>,
  width: number,
  height: number,
  to: Float32Array,
  toWidth: number,
  toHeight: number,
  step: readonly [x: number, y: number] = [width / toWidth, height / toHeight],
): void {
  const low = new Int32Array(toWidth), high = new Int32Array(toWidth), share = new Float32Array(toWidth);
  for (let x = 0; x < toWidth; x++) {
    const at = place(x, step[0], width);
    low[x] = Math.floor(at);
    high[x] = Math.min(width - 1, low[x]! + 1);
    share[x] = at - low[x]!;
  }
  for (let y = 0; y < toHeight; y++) {
    const at = place(y, step[1], height), above = Math.floor(at), t = at - above;
    const a = above * width, b = Math.min(height - 1, above + 1) * width;
    for (let x = 0; x < toWidth; x++) {
      const s = share[x]!, i = low[x]!, j = high[x]!;
      const top = from[a + i]! + s * (from[a + j]! - from[a + i]!);
      const bottom = from[b + i]! + s * (from[b + j]! - from[b + i]!);
      to[y * toWidth + x] = top + t * (bottom - top);
    }
  }
}

function place(index: number, step: number, size: number): number {
  return Math.max(0, Math.min(size - 1, (index + 0.5) * step - 0.5));
}
