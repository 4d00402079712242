/**
 * A plane brought to another size, each pixel of the result the mean of the source under it: what a smaller picture needs. Where
 * it grows, pixels are repeated in part.
 */
export function resizeArea(
  from: Float32Array,
  width: number,
  height: number,
  toWidth: number,
  toHeight: number,
): Float32Array {
  const across = shares(width, toWidth), down = shares(height, toHeight);
  const rows = new Float32Array(toWidth * height), out = new Float32Array(toWidth * toHeight);
  for (let y = 0; y < height; y++) {
    across.forEach((parts, x) => {
      let sum = 0;
      for (const [i, share] of parts) sum += share * from[y * width + i]!;
      rows[y * toWidth + x] = sum;
    });
  }
  down.forEach((parts, y) => {
    for (const [i, share] of parts) {
      for (let x = 0; x < toWidth; x++) out[y * toWidth + x]! += share * rows[i * toWidth + x]!;
    }
  });
  return out;
}

/** For each pixel of the result the source pixels under it, each with its share of the mean. */
function shares(size: number, toSize: number): [index: number, share: number][][] {
  return Array.from({ length: toSize }, (_, k) => {
    const start = k * size / toSize, end = (k + 1) * size / toSize, parts: [number, number][] = [];
    for (let i = Math.floor(start); i < Math.min(size, Math.ceil(end)); i++) {
      const share = (Math.min(end, i + 1) - Math.max(start, i)) / (end - start);
      if (share > 0) parts.push([i, share]);
    }
    return parts;
  });
}
