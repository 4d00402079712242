// Straight from the formulas, in double precision, without any sharing: what the fast descriptors are compared with.
import { seededRandom } from "../../../engine/mod.ts";
import type { ClipInput } from "../../../types.ts";

/** A clip with texture: waves that move, and noise. */
export function texture(
  seed: number,
  shape: readonly [number, number, number],
  noise = 40,
): ClipInput {
  const [frames, height, width] = shape, random = seededRandom(seed);
  const pixels = Uint8Array.from({ length: frames * height * width }, (_, i) => {
    const x = i % width, y = Math.floor(i / width) % height, t = Math.floor(i / (width * height));
    const wave = 50 * Math.sin((x + 0.6 * t) / 3 + seed) + 40 * Math.cos((y - 0.4 * t) / 4);
    return Math.max(0, Math.min(255, Math.round(128 + wave + noise * (random.next() - 0.5))));
  });
  return { kind: "clip", pixels, shape: [frames, height, width, 1] };
}

/** The grey value at a place, linear in x, y and t between the pixels around it. */
export function greyAt({ pixels, shape }: ClipInput, x: number, y: number, t: number): number {
  const [, height, width] = shape;
  const clean = (c: number) => Math.abs(c - Math.round(c)) < 1e-9 ? Math.round(c) : c;
  const places = [clean(x), clean(y), clean(t)].map((c) => {
    const low = Math.floor(c), rest = c - low;
    return rest === 0 ? [[low, 1]] as const : [[low, 1 - rest], [low + 1, rest]] as const;
  });
  let sum = 0;
  for (const [px, wx] of places[0]!) {
    for (const [py, wy] of places[1]!) {
      for (const [pt, wt] of places[2]!) sum += wx * wy * wt * pixels[(pt * height + py) * width + px]!;
    }
  }
  return sum;
}

/** Calls `visit` for every pixel within the margins, with the number of its block. */
export function eachPixel(
  [frames, height, width]: readonly [number, number, number, ...number[]],
  margin: { x: number; y: number; t: number },
  grid: { rows: number; columns: number; times: number },
  visit: (x: number, y: number, t: number, block: number) => void,
): void {
  const part = (at: number, border: number, size: number, parts: number) => {
    for (let i = 0; i < parts; i++) {
      const n = size - 2 * border;
      if (at - border >= Math.floor(i * n / parts) && at - border < Math.floor((i + 1) * n / parts)) return i;
    }
    throw new Error("in no block");
  };
  for (let t = margin.t; t < frames - margin.t; t++) {
    for (let y = margin.y; y < height - margin.y; y++) {
      for (let x = margin.x; x < width - margin.x; x++) {
        const block =
          (part(y, margin.y, height, grid.rows) * grid.columns + part(x, margin.x, width, grid.columns)) *
            grid.times + part(t, margin.t, frames, grid.times);
        visit(x, y, t, block);
      }
    }
  }
}

/** The bin of a code among the uniform ones, counted by hand: -1 where it changes more than twice. */
export function uniformBin(code: number, neighbours: number): number {
  const text = (c: number) => c.toString(2).padStart(neighbours, "0");
  const uniform = (c: number) => {
    const ring = text(c) + text(c)[0];
    return [...ring].filter((bit, i) => i > 0 && bit !== ring[i - 1]).length <= 2;
  };
  if (!uniform(code)) return neighbours * (neighbours - 1) + 2;
  let bin = 0;
  for (let c = 0; c < code; c++) if (uniform(c)) bin++;
  return bin;
}
