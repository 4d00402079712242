/**
 * A plane brought to another size: each new pixel is the mean over the area that it covers, parts of pixels counting in part. Where the plane
 * grows, that repeats pixels.
 *
 * @param plane h x w values.
 * @returns size x size values.
 */
export function resizePlane(
  plane: ArrayLike<number>,
  [height, width]: readonly [number, number],
  size: number,
): Float32Array {
  const rows = spans(height, size), columns = spans(width, size);
  const out = new Float32Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let sum = 0, area = 0;
      for (const [i, tall] of rows[y] as Span[]) {
        for (const [j, wide] of columns[x] as Span[]) {
          sum += (plane[i * width + j] as number) * tall * wide;
          area += tall * wide;
        }
      }
      out[y * size + x] = sum / area;
    }
  }
  return out;
}

type Span = readonly [index: number, part: number];

/** For each of `to` cells the cells of `from` under it, with the part that is covered. */
function spans(from: number, to: number): Span[][] {
  return Array.from({ length: to }, (_, k) => {
    const start = k * from / to, end = (k + 1) * from / to;
    const found: Span[] = [];
    for (let i = Math.floor(start); i < end; i++) {
      const part = Math.min(end, i + 1) - Math.max(start, i);
      if (part > 1e-9) found.push([i, part]);
    }
    return found;
  });
}

/** Planes of equal size as the channels of one image, h x w x C. */
export function interleave(planes: readonly Float32Array[]): Float32Array {
  const [first, count] = [planes[0] as Float32Array, planes.length];
  const out = new Float32Array(first.length * count);
  planes.forEach((plane, c) => plane.forEach((value, i) => out[i * count + c] = value));
  return out;
}

/** Stretched so that the least value is 0 and the greatest 255; a plane of one value becomes 0. */
export function stretch(plane: Float32Array): Float32Array {
  let least = Infinity, most = -Infinity;
  for (const value of plane) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return plane.map((value) => most > least ? 255 * (value - least) / (most - least) : 0);
}
