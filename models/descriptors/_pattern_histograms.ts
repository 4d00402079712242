import { assemble } from "../../engine/assemble.ts";
import { type BlockGrid, edges, partOf } from "./_grid.ts";
import {
  countRoutine,
  interpolateRoutine,
  type Layout,
  type Offset,
  spreadRoutine,
  volumeOf,
} from "./_pattern_routine.ts";
import type { Bins } from "./_uniform.ts";

/** Neighbours of a pixel that are compared with it, and the bins of their codes. Bit p of a code is set where neighbour p is as large as the pixel or larger. */
export interface Pattern {
  readonly offsets: readonly Offset[];
  readonly bins: Bins;
}

/**
 * Histograms of local binary patterns over the blocks of a grey clip. For a shape and a set of patterns the code is generated once, with every distance a
 * constant: WebAssembly that takes four pixels at a time, image row by image row through all frames, so that what it reads stays in the cache.
 */
export class PatternHistograms {
  readonly #layout: Layout;
  readonly #patterns: readonly Pattern[];
  readonly #grid: BlockGrid;
  readonly #memory: WebAssembly.Memory;
  readonly #spread: () => void;
  readonly #interpolate: readonly ((from: number, end: number, distance: number) => void)[];
  readonly #count: (slab: number, ...rows: number[]) => void;

  /**
   * @param shape T, h, w.
   * @param margin How far neighbours lie at most; pixels nearer to a border have no code.
   */
  constructor(
    shape: readonly [number, number, number],
    margin: Layout["margin"],
    patterns: readonly Pattern[],
    grid: BlockGrid,
  ) {
    const [frames, height, width] = shape;
    this.#patterns = patterns;
    this.#grid = grid;
    const volumes = new Map(
      patterns.flatMap(({ offsets }) => offsets).flatMap((offset) => {
        const volume = volumeOf(offset);
        return volume === undefined ? [] : [[volume.name, volume] as const];
      }),
    );
    const rowStride = Math.ceil(width / 4) * 4, slabStride = frames * rowStride;
    let end = 16;
    const take = (bytes: number) => {
      const at = end;
      end += Math.ceil((bytes + 64) / 16) * 16; // four pixels are read at a time, beyond the end too
      return at;
    };
    const tables = patterns.map(({ bins }) => ({
      bins: take(4 * bins.of.length),
      columns: take(4 * rowStride + 16),
      times: take(4 * frames),
      counts: take(4 * grid.rows * grid.times * (grid.columns + 1) * bins.count),
    }));
    const bytes = take(frames * height * width), size = 4 * height * slabStride;
    const volume = take(size);
    const interpolated = new Map([...volumes.keys()].map((name) => [name, take(size)]));
    this.#layout = {
      frames,
      height,
      width,
      rowStride,
      slabStride,
      bytes,
      volume,
      interpolated,
      tables,
      margin,
    };
    this.#memory = new WebAssembly.Memory({ initial: Math.ceil(end / 65536) });
    const lerps = [...volumes.values()].map(({ axis, rest }) =>
      interpolateRoutine(axis === "x" ? 4 : 4 * slabStride, rest)
    );
    const exports = new WebAssembly.Instance(
      new WebAssembly.Module(assemble({
        spread: spreadRoutine(this.#layout),
        count: countRoutine(this.#layout, patterns.map(({ offsets }) => offsets)),
        ...Object.fromEntries(lerps.map((routine, i) => [`interpolate${i}`, routine])),
      })),
      { env: { memory: this.#memory } },
    ).exports as Record<string, (...args: number[]) => void>;
    this.#spread = exports.spread!;
    this.#count = exports.count!;
    this.#interpolate = lerps.map((_, i) => exports[`interpolate${i}`]!);
    this.#writeTables();
  }

  #writeTables(): void {
    const { frames, width, margin, tables, rowStride } = this.#layout, { columns, times } = this.#grid;
    const whole = new Int32Array(this.#memory.buffer);
    const across = partOf(width - 2 * margin.x, columns), along = partOf(frames - 2 * margin.t, times);
    this.#patterns.forEach(({ bins }, p) => {
      const table = tables[p]!;
      bins.of.forEach((bin, code) => whole[table.bins / 4 + code] = 4 * bin);
      for (let x = 0; x < rowStride + 4; x++) { // what is computed beyond the last pixel is counted in a block of its own
        whole[table.columns / 4 + x] = 4 * bins.count * (across[x - margin.x] ?? columns);
      }
      for (let t = margin.t; t < frames - margin.t; t++) {
        whole[table.times / 4 + t] = 4 * bins.count * (columns + 1) * along[t - margin.t]!;
      }
    });
  }

  /**
   * The histograms of a clip, each divided by the number of its pixels: by block row, block column, time, pattern, bin.
   *
   * @param pixels T x h x w values 0..255.
   */
  describe(pixels: Uint8Array): Float32Array {
    const { frames, height, width, slabStride, bytes, volume, interpolated, tables, margin } = this.#layout;
    const { rows, columns, times } = this.#grid;
    new Uint8Array(this.#memory.buffer).set(pixels, bytes);
    this.#patterns.forEach(({ bins }, p) => {
      new Uint8Array(this.#memory.buffer, tables[p]!.counts, 4 * rows * times * (columns + 1) * bins.count)
        .fill(0);
    });
    this.#spread();
    const slab = 4 * slabStride, inner = height - 2 * margin.y, down = partOf(inner, rows);
    const targets = [...interpolated.values()];
    for (let y = 0, ready = 0; y < inner; y++) {
      const last = Math.min(height, y + 2 * margin.y + 1);
      for (; ready < last; ready++) { // just before they are read
        targets.forEach((target, i) => {
          const from = volume + ready * slab;
          this.#interpolate[i]!(from, from + slab, target - volume);
        });
      }
      const offsets = this.#patterns.map(({ bins }, p) =>
        tables[p]!.counts + 4 * bins.count * (columns + 1) * times * down[y]!
      );
      this.#count(volume + y * slab, ...offsets);
    }
    return this.#collect(
      [edges(inner, rows), edges(width - 2 * margin.x, columns), edges(frames - 2 * margin.t, times)],
    );
  }

  #collect(borders: readonly [number[], number[], number[]]): Float32Array {
    const { tables } = this.#layout, { rows, columns, times } = this.#grid;
    const counts = new Int32Array(this.#memory.buffer), [down, across, along] = borders;
    const length = this.#patterns.reduce((sum, { bins }) => sum + bins.count, 0);
    const out = new Float32Array(rows * columns * times * length);
    let to = 0;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        for (let k = 0; k < times; k++) {
          const pixels = (down[i + 1]! - down[i]!) * (across[j + 1]! - across[j]!) *
            (along[k + 1]! - along[k]!);
          for (const [p, { bins }] of this.#patterns.entries()) {
            let from = tables[p]!.counts / 4 + bins.count * ((i * times + k) * (columns + 1) + j);
            for (let b = 0; b < bins.count; b++) out[to++] = counts[from++]! / pixels;
          }
        }
      }
    }
    return out;
  }
}
